"""What a person is told when a colleague follows them: one message, discreet, no service named."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from operators.agenda.models import Appointment
from operators.handovers.models import Handover

SUBJECT = "Un changement d’interlocuteur"


def tell_handed_over(handover: Handover, *, given: Sequence[Appointment], now: datetime) -> None:
    """Who follows the person from now on, until when, and which appointments stay at their hour."""
    person, site = handover.pathway.beneficiary, handover.colleague.site
    body = render_to_string(
        "operators/handovers/mail/handed_over.txt",
        {"handover": handover, "person": person, "given": given, "site": site},
    )
    name = handover.colleague.user.full_name
    send_to_person(
        beneficiary=person,
        key=f"handover-{handover.uuid}",
        kind=MessageKind.ACT,
        subject=SUBJECT,
        body=body,
        sms_text=f"Votre interlocuteur change : {name}. Vos rendez-vous sont maintenus. {site.phone}",
        now=now,
    )
