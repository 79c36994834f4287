"""What partners add to the page of an appointment."""

from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from operators.booking.agenda.hooks import FOLLOWERS, PARTS, ReadAppointment
from operators.reception.partners import selectors
from operators.reception.partners.services import follow


def sharing_section(read: ReadAppointment) -> dict | None:
    """« Ce que sait votre accompagnant »; hidden when nothing is shared."""
    booking = selectors.booking_of(appointment=read.appointment.uuid)
    if booking is None or not booking.outcome_agreed or booking.withdrawn_at is not None:
        return None
    return {
        "organisation": booking.organisation.name,
        "url": reverse("operators:partner_withdraw", args=[read.signed]),
    }


def contribute() -> None:
    MENU.add(Entry("Accompagnements", "operators:partner_list", frozenset({Role.PARTNER}), order=10))
    FOLLOWERS.add(follow)
    PARTS.add(
        PagePart(
            "Ce que sait votre accompagnant", "operators/reception/partners/sharing.html", sharing_section
        ),
        order=80,
    )
