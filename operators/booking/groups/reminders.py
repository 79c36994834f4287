"""Reminders of meetings, at the same hours as those of an appointment (ADR 0012)."""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string

from cep_portal.messaging.hooks import Window
from cep_portal.messaging.services import About
from operators.booking.agenda import reminding, texts
from operators.booking.agenda.reminding import Expected, Source
from operators.booking.agenda.wording import minutes, subject_of
from operators.booking.groups import links
from operators.booking.groups.enums import GroupState, PlaceState
from operators.booking.groups.models import GroupPlace
from operators.booking.groups.notices import COMING


def write_due_reminders(*, now: datetime) -> int:
    """Write the reminders of meetings whose hour has come; returns how many. Safe to run twice."""
    return reminding.write_due(PLACES, now=now)


def missing_reminders(window: Window) -> dict[str, int]:
    """By channel, the reminders of meetings owed in a window and that nobody wrote."""
    return reminding.missing(PLACES, starts=window.starts, ends=window.ends)


def _expected(after: datetime, before: datetime) -> Iterator[Expected[GroupPlace]]:
    places = GroupPlace.objects.filter(
        state=PlaceState.BOOKED,
        session__state=GroupState.OPEN,
        session__period__startswith__gt=after,
        session__period__startswith__lt=before,
    ).select_related("session__site__commune", "beneficiary__contact_preferences")
    for one in places.order_by("session__period", "pk"):
        about, session = About(COMING, one.uuid), one.session
        yield Expected(one, about, one.beneficiary, session.starts_at, session.site.zone, one.booked_at)


def _subject(place: GroupPlace) -> str:
    return subject_of(place.session)


def _sms(place: GroupPlace, *, discreet: bool) -> str:
    return texts.reminder(place.session, discreet=discreet)


def _body(place: GroupPlace) -> str:
    return render_to_string(
        "operators/booking/groups/mail/reminder.txt",
        {
            "place": place,
            "session": place.session,
            "site": place.session.site,
            "minutes": minutes(place.session),
            "link": links.place_link(place),
        },
    )


PLACES = Source(expected=_expected, subject=_subject, mail=_body, sms=_sms)
