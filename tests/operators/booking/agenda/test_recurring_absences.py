"""Hours of the week at which an adviser never receives, in the zone of the home site."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AbsenceInvalid, AbsenceOverBookings
from operators.booking.agenda.models import RecurringAbsence
from operators.booking.agenda.services import WeeklyHours
from tests.clock import moved_day
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    RecurringAbsenceFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
NINE, TEN = "2026-11-30 09:00", "2026-11-30 10:15"
MEETING = {"weekday": 1, "starts": time(9), "ends": time(10), "every_weeks": 1}


def lay(adviser, **changes):
    asked = {**MEETING, "first_on": moved_day("2026-11-23"), "last_on": None, **changes}
    return services.lay_recurring_absence(
        adviser=adviser, by=adviser.user, now=NOW, hours=WeeklyHours(**asked)
    )


def free(rule, days=10):
    return hours(rule.site.contract, days=days)


@pytest.fixture
def rule():
    return OpeningRuleFactory()


def test_weekly_meeting_blocks_its_hour_every_week(rule):
    lay(rule.adviser)

    assert free(rule, days=17) == [TEN, "2026-12-07 10:15"]


def test_every_other_week_leaves_the_weeks_between(rule):
    lay(rule.adviser, every_weeks=2, first_on=moved_day("2026-12-07"))

    assert free(rule, days=24) == [NINE, TEN, "2026-12-07 10:15", "2026-12-14 09:00", "2026-12-14 10:15"]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (time(8), time(9), [NINE, TEN]),
        (time(10), time(10, 15), [NINE, TEN]),
        (time(9, 59), time(10, 16), []),
        (time(11, 15), time(12), [NINE, TEN]),
    ],
)
def test_absence_that_touches_a_session_leaves_it_free_rdvsp_3974(rule, starts, ends, expected):
    lay(rule.adviser, starts=starts, ends=ends)

    assert free(rule) == expected


def test_absence_ends_with_its_last_day(rule):
    lay(rule.adviser, last_on=moved_day("2026-11-30"))

    assert free(rule, days=17) == [TEN, "2026-12-07 09:00", "2026-12-07 10:15"]


def test_hours_are_those_of_the_home_site_wherever_the_adviser_receives():
    """Nine in La Réunion is six in Paris: an opening at six in Paris is hidden, not the one at nine."""
    adviser = AdviserFactory(site__reunion=True)
    paris = SiteFactory(contract=adviser.site.contract)
    OpeningRuleFactory(adviser=adviser, site=paris, opens=time(6), closes=time(10, 15))
    lay(adviser)

    assert hours(adviser.site.contract, days=10) == ["2026-11-30 07:15", "2026-11-30 08:30"]


def test_absence_in_the_hour_that_does_not_exist_hides_nothing():
    """Between two and three on 28 March 2027 there is nothing to be away from."""
    rule = OpeningRuleFactory(weekday=7, opens=time(1), closes=time(5), buffer_minutes=0)
    night = at("2027-03-28 00:00")
    RecurringAbsenceFactory(adviser=rule.adviser, weekday=7, starts=time(2, 30), ends=time(3))

    found = hours(rule.site.contract, starts=night, days=1, now=at("2027-03-25 00:00"))

    assert [hour[11:] for hour in found] == ["01:00", "03:00", "04:00"]


@pytest.mark.parametrize(
    "changes", [{"ends": time(9)}, {"ends": time(8)}, {"last_on": moved_day("2026-11-22")}]
)
def test_absence_ends_after_it_starts(rule, changes):
    with pytest.raises(AbsenceInvalid, match="finit avant"):
        lay(rule.adviser, **changes)


def test_booked_session_refuses_the_absence_and_is_named(rule):
    booked = AppointmentFactory(adviser=rule.adviser)

    with pytest.raises(AbsenceOverBookings) as refusal:
        lay(rule.adviser)

    assert refusal.value.appointments == (booked,)
    assert RecurringAbsence.objects.count() == 0


def test_hold_in_it_ends_and_what_lies_beside_stands(rule):
    held = AppointmentFactory(adviser=rule.adviser, on_hold=True, hold_expires_at=at("2026-11-24 09:00"))
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 10:15"))

    lay(rule.adviser)

    held.refresh_from_db()
    assert held.state == AppointmentState.EXPIRED


def test_absence_is_taken_back_with_its_audit_line(rule):
    absence = lay(rule.adviser)

    services.remove_recurring_absence(absence=absence, by=rule.adviser.user, now=NOW)

    assert free(rule) == [NINE, TEN]
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "operators.recurring_absence.laid",
        "operators.recurring_absence.removed",
    ]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"ends": time(9)}, "recurring_absence_ordered"),
        ({"every_weeks": 0}, "recurring_absence_ordered"),
        ({"weekday": 8}, "recurring_absence_weekday_iso"),
    ],
)
def test_database_refuses_what_the_service_does(changes, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RecurringAbsenceFactory(**changes)
