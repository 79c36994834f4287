"""What partners add to the page of an appointment."""

from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from operators.booking.agenda.hooks import FOLLOWERS, PARTS, ReadAppointment
from operators.reception.partners import selectors
from operators.reception.partners.services import follow


def sharing_section(read: ReadAppointment) -> dict | None:
    """« Ce que sait votre accompagnant »: asked of the person alone, no by default; hidden once withdrawn."""
    booking = selectors.booking_of(appointment=read.appointment.uuid)
    if booking is None or booking.withdrawn_at is not None:
        return None
    shared = booking.outcome_agreed_at is not None
    act = "operators:partner_withdraw" if shared else "operators:partner_share"
    return {
        "organisation": booking.organisation.name,
        "is_shared": shared,
        "url": reverse(act, args=[read.signed]),
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
