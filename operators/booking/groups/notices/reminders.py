"""Reminders of meetings, at the same hours as those of an appointment (ADR 0012)."""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import contact_choices
from beneficiaries.request.wording import reference_line
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.hooks import Composer, Window
from cep_portal.messaging.services import About, Letter, Words
from operators.booking.agenda.notices import sweep
from operators.booking.agenda.notices.sweep import Expected, Source
from operators.booking.agenda.wording import minutes, sms, subject_of
from operators.booking.groups import links
from operators.booking.groups.enums import GroupState, PlaceState
from operators.booking.groups.models import GroupPlace
from operators.booking.groups.notices import COMING, place_told


def write_due_reminders(*, now: datetime) -> int:
    """Write the reminders of meetings whose hour has come; returns how many. Safe to run twice."""
    return sweep.write_due(PLACES, now=now)


def missing_reminders(window: Window) -> dict[str, int]:
    """By channel, the reminders of meetings owed in a window and that nobody wrote."""
    return sweep.missing(PLACES, starts=window.starts, ends=window.ends)


def _expected(after: datetime, before: datetime) -> Iterator[Expected]:
    places = GroupPlace.objects.filter(
        state=PlaceState.BOOKED,
        session__state=GroupState.OPEN,
        session__period__startswith__gt=after,
        session__period__startswith__lt=before,
    ).select_related("session__site", "beneficiary__contact_preferences")
    for place in places.order_by("session__period", "pk"):
        about, session = About(COMING, place.uuid), place.session
        yield Expected(about, place.beneficiary, session.starts_at, session.site.zone, place.booked_at)


def _words(letter: Letter) -> Words | None:
    place = place_told(letter)
    if place is None:
        return None
    if letter.channel == MessageChannel.SMS:
        discreet = contact_choices(place.beneficiary).discreet
        return Words(sms.reminder(place.session, discreet=discreet))
    return Words(_body(place), subject_of(place.session))


def _body(place: GroupPlace) -> str:
    return render_to_string(
        "operators/booking/groups/mail/reminder.txt",
        {
            "place": place,
            "session": place.session,
            "site": place.session.site,
            "minutes": minutes(place.session),
            "link": links.place_link(place),
            "asked": reference_line(place.service_request),
        },
    )


PLACES = Source("group_place.reminder", _expected)
COMPOSERS = (Composer(PLACES.news, _words),)
