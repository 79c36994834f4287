from datetime import date, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AbsenceInvalid, AbsenceOverBookings, OpeningInvalid
from operators.booking.agenda.models import Absence, Appointment, OpeningRule
from operators.booking.agenda.selectors import free_slots
from operators.booking.agenda.services import OpeningHours
from tests.clock import moved_day
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
NINE = at("2026-11-30 09:00")


def open_hours(rule, **changes):
    asked = {
        "adviser": rule.adviser,
        "site": rule.site,
        "weekday": 2,
        "opens": time(9),
        "closes": time(10),
        "every_weeks": 1,
        "first_on": moved_day("2026-11-24"),
        "last_on": None,
        "levels": ["ONE"],
        "modes": ["PHONE"],
        "slot_minutes": 60,
        "buffer_minutes": 15,
    }
    return services.open_hours(
        **grouped({**asked, **changes}, hours=OpeningHours), by=rule.adviser.user, now=NOW
    )


def away(rule, starts_at, ends_at):
    return services.lay_absence(
        adviser=rule.adviser, starts_at=starts_at, ends_at=ends_at, by=rule.adviser.user, now=NOW
    )


def test_opened_hours_are_offered_and_audited():
    rule = OpeningRuleFactory(last_on=date(2026, 1, 6))

    open_hours(rule)

    assert hours(rule.site.contract) == ["2026-11-24 09:00", "2026-12-01 09:00"]
    assert AuditEvent.objects.filter(action="operators.opening.opened").count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"closes": time(9, 59)}, {"closes": time(8)}, {"last_on": moved_day("2026-11-23")}],
)
def test_opening_without_a_session_is_refused(changes):
    with pytest.raises(OpeningInvalid):
        open_hours(OpeningRuleFactory(), **changes)


def test_opening_at_another_operators_site_is_refused():
    with pytest.raises(OpeningInvalid):
        open_hours(OpeningRuleFactory(), site=SiteFactory())


def test_ended_opening_offers_nothing_after_its_last_day_and_keeps_appointments():
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-12-07 09:00"))

    services.end_opening(rule=rule, last_on=moved_day("2026-12-01"), by=rule.adviser.user, now=NOW)

    booked.refresh_from_db()
    assert {hour[:10] for hour in hours(rule.site.contract, days=40)} == {"2026-11-30"}
    assert booked.state == AppointmentState.BOOKED


def test_absence_over_booked_sessions_is_refused_with_their_list_rdvsp_1007():
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser)

    with pytest.raises(AbsenceOverBookings) as refusal:
        away(rule, NINE - timedelta(hours=1), NINE + timedelta(minutes=1))

    assert refusal.value.appointments == (booked,)
    assert Absence.objects.count() == 0


def test_absence_that_touches_a_session_is_accepted():
    rule = OpeningRuleFactory()
    AppointmentFactory(adviser=rule.adviser)

    away(rule, NINE + timedelta(minutes=60), NINE + timedelta(hours=3))
    away(rule, NINE - timedelta(hours=1), NINE)

    assert Absence.objects.count() == 2


def test_absence_releases_holds_and_removal_opens_again():
    rule = OpeningRuleFactory()
    held = AppointmentFactory(adviser=rule.adviser, on_hold=True)

    absence = away(rule, NINE, NINE + timedelta(hours=3))

    held.refresh_from_db()
    assert (held.state, hours(rule.site.contract)) == (AppointmentState.EXPIRED, [])
    services.remove_absence(absence=absence, by=rule.adviser.user, now=NOW)
    assert len(hours(rule.site.contract)) == 2
    assert AuditEvent.objects.filter(action__startswith="operators.absence.").count() == 2


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [(NINE, NINE), (NOW - timedelta(days=2), NOW), (NINE, NINE + timedelta(days=401))],
)
def test_absence_without_sense_is_refused(starts_at, ends_at):
    with pytest.raises(AbsenceInvalid):
        away(OpeningRuleFactory(), starts_at, ends_at)


MINUTES = st.integers(min_value=0, max_value=14 * 12)  # steps of five minutes, 7:00 to 21:00


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    absences=st.lists(st.tuples(MINUTES, MINUTES), max_size=3),
    booked=st.lists(st.integers(min_value=0, max_value=9), max_size=4, unique=True),
    session=st.sampled_from([30, 45, 60, 90]),
    buffer=st.sampled_from([0, 10, 15, 30]),
)
def test_free_and_busy_make_the_whole_opening(db, absences, booked, session, buffer):
    """Each step of the grid is free or meets something; a free session meets nothing, at either end."""
    Appointment.objects.all().delete()
    Absence.objects.all().delete()
    OpeningRule.objects.all().delete()
    rule = OpeningRuleFactory(opens=time(8), closes=time(20), slot_minutes=session, buffer_minutes=buffer)
    eight, step = at("2026-11-30 08:00"), timedelta(minutes=session + buffer)
    seven = eight - timedelta(hours=1)
    closed = [
        (seven + timedelta(minutes=5 * min(pair)), seven + timedelta(minutes=5 * max(pair)))
        for pair in absences
        if pair[0] != pair[1]
    ]
    for period in closed:
        Absence.objects.create(adviser=rule.adviser, period=DateTimeTZRange(*period))
    taken = []
    for number in booked:
        start = eight + timedelta(minutes=70 * number)
        if all(start >= end or start + step <= begin for begin, end in taken):
            AppointmentFactory(
                adviser=rule.adviser,
                starts_at=start,
                period=DateTimeTZRange(start, start + timedelta(minutes=session)),
                busy_period=DateTimeTZRange(start, start + step),
            )
            taken.append((start, start + step))

    free = {
        slot.starts_at
        for slot in free_slots(
            contract=rule.site.contract, starts=eight, ends=eight + timedelta(days=1), now=NOW
        )
    }

    grid, start = set(), eight
    while start + timedelta(minutes=session) <= at("2026-11-30 20:00"):
        meets_absence = any(
            start < end and begin < start + timedelta(minutes=session) for begin, end in closed
        )
        meets_busy = any(start < end and begin < start + step for begin, end in taken)
        if not meets_absence and not meets_busy:
            grid.add(start)
        start += step
    assert free == grid
