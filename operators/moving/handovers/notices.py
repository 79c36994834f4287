"""What a person is told when a colleague follows them: one message, discreet, no service named."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import send_to_person
from cep_portal.messaging.enums import MessageKind
from operators.booking.agenda.models import Appointment
from operators.moving.handovers.models import Handover

SUBJECT = "Un changement d’interlocuteur"


def tell_handed_over(
    handover: Handover, *, given: Sequence[Appointment], is_replaced: bool = False, now: datetime
) -> None:
    """Who follows the person from now on, until when, and which appointments stay at their hour.

    `is_replaced`: the same act told the person apart what becomes of an appointment.
    """
    person, site = handover.pathway.beneficiary, handover.colleague.site
    body = render_to_string(
        "operators/moving/handovers/mail/handed_over.txt",
        {"handover": handover, "person": person, "given": given, "site": site, "is_replaced": is_replaced},
    )
    name = handover.colleague.user.full_name
    kept = "" if is_replaced else " Vos rendez-vous sont maintenus."
    send_to_person(
        beneficiary=person,
        key=f"handover-{handover.uuid}",
        kind=MessageKind.ACT,
        subject=SUBJECT,
        body=body,
        sms_text=f"Votre interlocuteur change : {name}.{kept} {site.phone}",
        now=now,
    )


def tell_back(handover: Handover, *, now: datetime) -> None:
    """Who lent the pathway without a day is back: the person could not know when."""
    person, site = handover.pathway.beneficiary, handover.former.site
    body = render_to_string(
        "operators/moving/handovers/mail/back.txt", {"handover": handover, "person": person, "site": site}
    )
    name = handover.former.user.full_name
    send_to_person(
        beneficiary=person,
        key=f"handover-back-{handover.uuid}",
        kind=MessageKind.ACT,
        subject=SUBJECT,
        body=body,
        sms_text=f"{name} est de retour et redevient votre interlocuteur. {site.phone}",
        now=now,
    )
