"""What holds for every agenda: SQL and plain Python agree, what is listed can be held, nothing else can."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cep_portal.common.facts import grouped
from operators.booking.agenda import services
from operators.booking.agenda.errors import SlotTaken
from operators.booking.agenda.rules import earliest_start, latest_start
from operators.booking.agenda.selectors import free_slots, slot_times
from operators.booking.agenda.services import WantedSlot
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningExceptionFactory,
    OpeningRuleFactory,
    RecurringAbsenceFactory,
    SiteClosureFactory,
    SiteFactory,
)
from tests.factories.territories import PublicHolidayFactory
from tests.operators.booking.agenda.clock import at
from tests.operators.booking.agenda.model import Agenda, Opened, Regular

pytestmark = pytest.mark.django_db
# Fridays before each change of clocks: the window holds the night, its Sunday and the Monday after.
NOWS = [datetime(2026, 10, 23, 5, tzinfo=UTC), datetime(2027, 3, 26, 5, tzinfo=UTC), at("2026-11-27 06:00")]
ZONES = ["Europe/Paris", "Indian/Reunion", "America/Miquelon", "America/Cayenne"]
DAYS = 6


def hour(low: int, high: int):
    return st.integers(min_value=low * 4, max_value=high * 4 - 1).map(lambda n: time(n // 4, n % 4 * 15))


HOURS = st.tuples(hour(0, 24), hour(0, 24)).filter(lambda pair: pair[0] < pair[1])
OPENING = st.fixed_dictionaries(
    {
        "lead": st.integers(0, 2),
        "second": st.sampled_from([None, None, 0, 1, 2]),
        "hours": HOURS,
        "after": st.integers(0, DAYS),
        "every": st.sampled_from([1, 1, 2]),
        "session": st.sampled_from([30, 45, 60, 90]),
        "pause": st.sampled_from([0, 10, 15, 30]),
        "changed": st.sampled_from(["no", "no", "closed", "hours"]),
        "other": HOURS,
    }
)
SPAN = st.tuples(
    st.integers(0, 2), st.integers(0, DAYS), hour(0, 24), st.sampled_from([15, 60, 105, 60 * 30])
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    now=st.sampled_from(NOWS),
    zone=st.sampled_from(ZONES),
    openings=st.lists(OPENING, min_size=1, max_size=5),
    away=st.lists(SPAN, max_size=2),
    busy=st.lists(SPAN.filter(lambda span: span[3] < 1000), max_size=3),
    regular=st.lists(st.tuples(st.integers(0, 2), st.integers(0, DAYS), HOURS), max_size=2),
    closed=st.one_of(st.none(), st.integers(0, DAYS)),
    holiday=st.one_of(st.none(), st.integers(0, DAYS)),
    most=st.sampled_from([None, None, 1, 2]),
)
def test_sql_equals_plain_python_and_lists_what_can_be_held(
    now, zone, openings, away, busy, regular, closed, holiday, most
):
    """Lessons 16 to 31 at once: zones, both changes of clocks, half-open periods, pairs, days off, maxima.

    cal.com 1092, 2250, 4702: offsets applied twice.
    """
    with transaction.atomic():
        site, agenda = _world(now, zone, openings, away, busy, regular, closed, holiday, most)
        ends = now + timedelta(days=DAYS)
        first, last = (now - timedelta(days=1)).date(), (ends + timedelta(days=1)).date()
        expected = agenda.free(first, last, earliest=earliest_start(now), latest=min(ends, latest_start(now)))

        slots = free_slots(contract=site.contract, starts=now, ends=ends, now=now)
        listed = slot_times(contract=site.contract, starts=now, ends=ends, now=now)

        assert _people(slots) == _alone_first(expected)
        assert [offered.starts_at for offered in listed] == sorted({start for start, _, _ in expected})
        _listed_can_be_held(site, agenda, {start for start, _, _ in expected}, now)
        transaction.set_rollback(True)


def _people(slots) -> set[tuple]:
    return {
        (slot.starts_at, lead, second)
        for slot in slots
        for lead, second in zip(slot.adviser_ids, slot.second_ids, strict=True)
    }


def _alone_first(expected: set[tuple]) -> set[tuple]:
    """Of one adviser at one hour, with sessions of one length: alone, else the colleague of lowest key."""
    best = {}
    for start, lead, second in sorted(
        expected, key=lambda offered: (offered[0], offered[1], offered[2] or 0)
    ):
        best.setdefault((start, lead), second)
    return {(start, lead, second) for (start, lead), second in best.items()}


def _world(now, zone, openings, away, busy, regular, closed, holiday, most):
    site = SiteFactory(zone=zone)
    team = [AdviserFactory(site=site, max_per_day=most) for _ in range(3)]
    agenda = Agenda(zone=zone, most={adviser.pk: most for adviser in team} if most else {})
    today = now.date()
    for asked in openings:
        _open(agenda, site, team, today, asked, session=openings[0]["session"])
    for who, after, start, minutes in away:
        begin = agenda.instant(today + timedelta(days=after), start)
        period = (begin, begin + timedelta(minutes=minutes))
        AbsenceFactory(adviser=team[who], period=DateTimeTZRange(*period))
        agenda.away.append((team[who].pk, period))
    for who, after, start, minutes in busy:
        _book(agenda, site, team[who], agenda.instant(today + timedelta(days=after), start), minutes)
    for who, after, (starts, ends) in regular:
        day = today + timedelta(days=after)
        absence = {
            "weekday": day.isoweekday(),
            "starts": starts,
            "ends": ends,
            "every_weeks": 1,
            "first_on": day,
        }
        RecurringAbsenceFactory(adviser=team[who], **absence)
        agenda.regular.append(Regular(adviser=team[who].pk, **absence))
    if closed is not None:
        day = today + timedelta(days=closed)
        SiteClosureFactory(site=site, first_on=day, last_on=day)
        agenda.closed.append((day, day))
    if holiday is not None:
        day = today + timedelta(days=holiday)
        PublicHolidayFactory(department=site.commune.department, day=day)
        agenda.holidays.add(day)
    return site, agenda


def _open(agenda: Agenda, site, team, today: date, asked: dict, *, session: int) -> None:
    day = today + timedelta(days=asked["after"])
    second = None if asked["second"] in (None, asked["lead"]) else team[asked["second"]]
    rule = OpeningRuleFactory(
        adviser=team[asked["lead"]],
        second_adviser=second,
        weekday=day.isoweekday(),
        opens=asked["hours"][0],
        closes=asked["hours"][1],
        every_weeks=asked["every"],
        first_on=day - timedelta(days=7),
        slot_minutes=session,
        buffer_minutes=asked["pause"],
    )
    changed = {}
    if asked["changed"] != "no":
        hours = asked["other"] if asked["changed"] == "hours" else None
        opens, closes = hours or (None, None)
        OpeningExceptionFactory(rule=rule, day=day, opens=opens, closes=closes)
        changed[day] = hours
    agenda.openings.append(
        Opened(
            rule.pk, rule.adviser_id, rule.second_adviser_id, rule.weekday, rule.opens, rule.closes,
            rule.every_weeks, rule.first_on, None, session, asked["pause"], changed,
        )
    )  # fmt: skip


def _book(agenda: Agenda, site, adviser, start: datetime, minutes: int) -> None:
    period = (start, start + timedelta(minutes=minutes))
    if any(
        adviser.pk in people and max(period[0], other[0]) < min(period[1], other[1])
        for people, other in agenda.taken.values()
    ):
        return
    taken = DateTimeTZRange(*period)
    booked = AppointmentFactory(adviser=adviser, site=site, period=taken, busy_period=taken)
    agenda.taken[booked.pk] = ((adviser.pk,), period)


def _listed_can_be_held(site, agenda: Agenda, starts: set[datetime], now: datetime) -> None:
    """The first hour listed, and a quarter of an hour after it when that one is not."""
    for start in sorted(starts)[:1]:
        for wanted in {start, start + timedelta(minutes=15)}:
            assert _is_held(site, wanted, now) is (wanted in starts)


def _is_held(site, starts_at: datetime, now: datetime) -> bool:
    asked = {"site": site, "starts_at": starts_at, "level": "ONE", "mode": "PHONE", "now": now}
    with transaction.atomic():
        try:
            services.hold_slot(
                service_request=None, contract=site.contract, **grouped(asked, wanted=WantedSlot)
            )
        except SlotTaken:
            held = False
        else:
            held = True
        transaction.set_rollback(True)
    return held


SEVEN_ZONES = [
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon",
    "Indian/Reunion", "Indian/Mayotte",
]  # fmt: skip


@pytest.mark.parametrize("zone", SEVEN_ZONES)
def test_nine_is_nine_every_monday_of_the_year_in_each_zone_rdvsp_2393(zone):
    """Lessons 16 to 20: UTC inside, the local hour never moves, whatever the season."""
    rule = OpeningRuleFactory(adviser__site__zone=zone, closes=time(10))
    mondays, now = [], datetime(2026, 12, 1, 12, tzinfo=UTC)
    while now.year < 2028:
        slots = free_slots(contract=rule.site.contract, starts=now, ends=now + timedelta(weeks=7), now=now)
        mondays += [slot.starts_at for slot in slots]
        now += timedelta(weeks=7)

    agenda = Agenda(zone=zone)
    local = {agenda.instant(date(2026, 12, 7) + timedelta(weeks=n), time(9)) for n in range(len(mondays))}
    assert set(mondays) == {offered for offered in local if offered.year < 2028 or offered in mondays}
    assert len(mondays) == len(set(mondays)) >= 52
