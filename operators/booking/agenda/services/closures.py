"""Days on which a whole site receives nobody."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.common.locks import locked
from cep_portal.common.wording.dates import long_instant
from operators.booking.agenda import rules
from operators.booking.agenda.errors import ClosureInvalid, ClosureOverBookings
from operators.booking.agenda.hooks import next_meeting
from operators.booking.agenda.models import Appointment, OpeningRule
from operators.booking.agenda.services.holds import withdraw
from operators.booking.agenda.services.locks import lock_adviser_days
from operators.network.models import Site, SiteClosure
from operators.network.services import locked_sites

LONGEST_CLOSURE = timedelta(days=400)


@transaction.atomic
def close_site(
    *, site: Site, first_on: date, last_on: date, reason: str, by: User, now: datetime
) -> SiteClosure:
    """Close a site for local days, both included: none of its advisers receives then, in any mode.

    Raises ClosureInvalid when it ends before it starts, in the past, lasts more than 13 months, is laid
    already or the place is closed for good, ClosureOverBookings, carrying the appointments, when sessions
    are booked in it. People who hold a slot in it lose their hold.
    """
    check_closure(site=site, first_on=first_on, last_on=last_on, now=now)
    site = open_place(site)
    if site.closures.filter(first_on=first_on, last_on=last_on).exists():
        raise ClosureInvalid("Cette fermeture est déjà posée.")
    zone = ZoneInfo(site.zone)
    lock_adviser_days(closure_days(site, first_on, last_on, now=now))
    within = Appointment.objects.filter(
        site=site,
        period__overlap=DateTimeTZRange(
            _midnight(first_on, zone), _midnight(last_on + timedelta(days=1), zone)
        ),
    )
    booked = within.to_come(now)  # what is under way goes on
    if over := list(booked.select_related("site", "beneficiary").order_by("period", "pk")):
        raise ClosureOverBookings(over)
    check_meetings(site, first_on, last_on, now=now)
    withdraw(within)
    closure = SiteClosure.objects.create(site=site, first_on=first_on, last_on=last_on, reason=reason)
    record(action="operators.site.closed", target=closure, by=by, now=now)
    return closure


def open_place(site: Site) -> Site:
    """The place locked, so that neither a meeting nor another closing is laid there meanwhile.

    Raises ClosureInvalid when it is closed for good.
    """
    site = locked_sites(site.pk)[site.pk]
    if not site.is_open:
        raise ClosureInvalid("Ce lieu est fermé pour de bon.")
    return site


def check_closure(*, site: Site, first_on: date, last_on: date, now: datetime) -> None:
    """Raises ClosureInvalid when it ends before it starts, in the past, or lasts more than 13 months."""
    if last_on < first_on or last_on - first_on > LONGEST_CLOSURE:
        raise ClosureInvalid("La fermeture finit avant de commencer, ou dure plus de 13 mois.")
    if last_on < local_day(now, site.zone):
        raise ClosureInvalid("Cette fermeture est déjà passée.")


def check_meetings(site: Site, first_on: date, last_on: date, *, now: datetime) -> None:
    """Raises ClosureInvalid over a meeting: only its cancellation tells each person who has a place."""
    zone = ZoneInfo(site.zone)
    meeting = next_meeting(
        site=site,
        now=now,
        starts_at=max(_midnight(first_on, zone), now),
        ends_at=_midnight(last_on + timedelta(days=1), zone),
    )
    if meeting is not None:
        when = long_instant(meeting, site.zone)
        raise ClosureInvalid(f"Une réunion d’information est prévue {when} : annulez-la d’abord.")


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def closure_days(site: Site, first_on: date, last_on: date, *, now: datetime) -> list[tuple[int, date]]:
    """Each day, up to the horizon, of whoever opens hours there: what a booking of that place locks."""
    zone = ZoneInfo(site.zone)
    first = max(first_on, local_day(now, zone))
    last = min(last_on, local_day(rules.latest_start(now), zone))
    openings = OpeningRule.objects.filter(Q(last_on__isnull=True) | Q(last_on__gte=first), site=site)
    people = {
        one
        for pair in openings.order_by("pk").values_list("adviser", "second_adviser")
        for one in pair
        if one is not None
    }
    return [(person, first + timedelta(days=n)) for person in people for n in range((last - first).days + 1)]


@transaction.atomic
def reopen_site(*, closure: SiteClosure, by: User, now: datetime) -> None:
    """Take a closure back: its days are offered again. Done already, it is done."""
    if not locked(SiteClosure.objects.all(), [closure.pk]):
        return
    record(
        action="operators.site.reopened",
        target=closure,
        by=by,
        data={"first_on": closure.first_on.isoformat(), "last_on": closure.last_on.isoformat()},
        now=now,
    )
    closure.delete()
