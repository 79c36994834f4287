"""What the agenda adds to the pages of the apps below: the request's page and the personal space."""

from datetime import datetime

from django.urls import reverse

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.registry import NextStep
from operators.agenda import rules, selectors
from operators.agenda.links import appointment_path
from operators.agenda.notices import minutes


def booking_step(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> NextStep | None:
    """See the coming appointment, else choose a slot; who only has the reference learns no date."""
    coming = selectors.coming_of_request(service_request=service_request, now=now)
    if coming is None:
        return NextStep(
            label="Choisir un créneau",
            url=reverse("operators:slot_list", args=[service_request.reference]),
            description="Choisissez le jour et l’heure, sur place, par téléphone ou en visio.",
        )
    if not is_holder:
        return None
    return NextStep(
        label="Voir mon rendez-vous",
        url=appointment_path(coming),
        description="Le revoir, le déplacer ou l’annuler.",
    )


def next_appointment_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """« Mon prochain rendez-vous »; hidden when there is none."""
    coming = selectors.next_appointment(beneficiary=beneficiary, now=now)
    if coming is None:
        return None
    return {
        "appointment": coming,
        "site": coming.site,
        "minutes": minutes(coming),
        "limit": rules.change_limit(coming.starts_at),
        "url": appointment_path(coming),
    }
