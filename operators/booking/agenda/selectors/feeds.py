"""The private calendar of an adviser: an address nobody guesses, hours without a name, a bounded window."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event

from cep_portal.common.place import marked
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import AdviserTime, Appointment, CalendarFeed
from operators.booking.agenda.wording.calendar import SUMMARY
from operators.booking.agenda.wording.time_zones import time_zone
from operators.network.models import Adviser

PAST = timedelta(days=14)
SHOWN = (AppointmentState.BOOKED, AppointmentState.ATTENDED, AppointmentState.NO_SHOW)


def hashed(token: str) -> str:
    """256 random bits need no salt: a dump of the table opens no calendar."""
    return hashlib.sha256(token.encode()).hexdigest()


def adviser_behind(*, token: str) -> Adviser | None:
    """Whose calendar this address is; None once replaced, or when the adviser no longer receives."""
    feed = (
        CalendarFeed.objects.select_related("adviser__site", "adviser__user")
        .filter(token_hash=hashed(token), adviser__is_active=True, adviser__user__is_active=True)
        .first()
    )
    return feed.adviser if feed else None


def entries(*, adviser: Adviser, now: datetime) -> list[tuple[str, int, datetime, datetime]]:
    """What takes the adviser's time from PAST ago to the horizon: uid, sequence, start, end; two queries.

    Bounded, so that years of sessions never travel (RDV-SP 6524). What is cancelled is no longer there.
    """
    first, last = now - PAST, now + timedelta(weeks=settings.PORTAL_HORIZON_WEEKS)
    window = {"period__startswith__gte": first, "period__startswith__lt": last}
    own = Appointment.objects.filter(adviser=adviser) | Appointment.objects.filter(second_adviser=adviser)
    booked = own.filter(state__in=SHOWN, **window)
    rows = [
        (str(appointment.uuid), appointment.calendar_sequence, appointment.starts_at, appointment.ends_at)
        for appointment in booked.order_by("period", "pk")
    ]
    groups = AdviserTime.objects.filter(adviser=adviser, expires_at__isnull=True, **window)
    others = groups.exclude(source__in=own.values("uuid")).order_by("period", "pk")
    return rows + [(str(busy.source), 0, busy.period.lower, busy.period.upper) for busy in others]


def etag(rows: list[tuple[str, int, datetime, datetime]]) -> str:
    text = "\n".join(f"{uid} {sequence} {start} {end}" for uid, sequence, start, end in rows)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def calendar_text(*, adviser: Adviser, rows: list[tuple[str, int, datetime, datetime]], now: datetime) -> str:
    """An iCalendar text in the zone of the adviser's home site: neutral titles, no place, no name."""
    zone = ZoneInfo(adviser.site.zone)
    calendar = Calendar()
    calendar.add("prodid", "-//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Rendez-vous")
    calendar.add("refresh-interval;value=duration", "PT1H")
    for uid, sequence, start, end in rows:
        event = Event()
        event.add("uid", uid)
        event.add("sequence", sequence)
        event.add("dtstamp", now)
        event.add("dtstart", start.astimezone(zone))
        event.add("dtend", end.astimezone(zone))
        event.add("summary", marked(SUMMARY))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    if rows:
        years = [start.year for _, _, start, _ in rows]
        calendar.add_component(time_zone(adviser.site.zone, min(years) - 1, max(years) + 1))
    return calendar.to_ical().decode()
