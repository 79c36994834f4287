"""One occurrence changed without touching the others: lesson 23 (RDV-SP 1707, 1080, 2515)."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import OpeningInvalid, OpeningOverBookings
from operators.booking.agenda.models import OpeningException
from tests.clock import moved_day
from tests.factories.operators import AppointmentFactory, OpeningExceptionFactory, OpeningRuleFactory
from tests.factories.territories import PublicHolidayFactory
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
DAY = moved_day("2026-11-30")
WEEK_LATER = ["2026-12-07 09:00", "2026-12-07 10:15"]


@pytest.fixture
def rule():
    return OpeningRuleFactory()


def change(rule, opens=None, closes=None, day=DAY):
    return services.change_opening_day(
        rule=rule, day=day, opens=opens, closes=closes, by=rule.adviser.user, now=NOW
    )


def free(rule):
    return hours(rule.site.contract, days=16)


def test_closed_day_offers_nothing_and_the_others_stand_rdvsp_1707(rule):
    change(rule)

    assert free(rule) == WEEK_LATER


def test_other_hours_may_lie_outside_the_ordinary_ones(rule):
    change(rule, time(17), time(19, 15))

    assert free(rule) == ["2026-11-30 17:00", "2026-11-30 18:15", *WEEK_LATER]


def test_exception_of_one_opening_leaves_its_neighbour_of_the_same_hours(rule):
    other = OpeningRuleFactory(adviser__site=rule.site)
    change(rule)

    assert free(other) == ["2026-11-30 09:00", "2026-11-30 10:15", *WEEK_LATER]


def test_exception_opens_no_public_holiday(rule):
    PublicHolidayFactory(department=rule.site.commune.department, day=DAY)
    change(rule, time(17), time(19))

    assert free(rule) == WEEK_LATER


def test_exception_on_a_day_that_does_not_come_changes_nothing(rule):
    OpeningExceptionFactory(rule=rule, day=moved_day("2026-12-01"), opens=time(9), closes=time(12))

    assert free(rule) == ["2026-11-30 09:00", "2026-11-30 10:15", *WEEK_LATER]


def test_evening_filter_reads_the_hours_of_the_day(rule):
    change(rule, time(17), time(19, 15))

    assert hours(rule.site.contract, days=16, hours="after_18") == ["2026-11-30 18:15"]


def test_day_is_changed_twice_then_restored(rule):
    change(rule)
    exception = change(rule, time(9), time(10))
    assert free(rule) == ["2026-11-30 09:00", *WEEK_LATER]

    services.restore_opening_day(exception=exception, by=rule.adviser.user, now=NOW)

    assert free(rule) == ["2026-11-30 09:00", "2026-11-30 10:15", *WEEK_LATER]
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == [
        "operators.opening.day_changed",
        "operators.opening.day_changed",
        "operators.opening.day_restored",
    ]


@pytest.mark.parametrize("day", [moved_day("2026-12-01"), moved_day("2026-11-16")])
def test_day_must_be_one_of_the_opening_and_to_come(rule, day):
    with pytest.raises(OpeningInvalid, match="n’ouvre pas ce jour-là"):
        change(rule, day=day)


def test_hours_must_hold_a_session(rule):
    with pytest.raises(OpeningInvalid, match="Aucune séance"):
        change(rule, time(9), time(9, 45))


def test_booked_session_refuses_to_be_closed_upon_and_is_named(rule):
    booked = AppointmentFactory(adviser=rule.adviser)

    with pytest.raises(OpeningOverBookings) as refusal:
        change(rule)

    assert refusal.value.appointments == (booked,)
    assert OpeningException.objects.count() == 0


def test_booked_session_stays_inside_shorter_hours(rule):
    AppointmentFactory(adviser=rule.adviser)

    change(rule, time(9), time(10))

    assert free(rule) == WEEK_LATER


def test_hold_in_the_hours_taken_away_ends(rule):
    held = AppointmentFactory(adviser=rule.adviser, on_hold=True, hold_expires_at=at("2026-11-24 09:00"))

    change(rule)

    held.refresh_from_db()
    assert held.state == AppointmentState.EXPIRED


def test_session_of_another_opening_is_no_obstacle(rule):
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 15:00"))

    change(rule)

    assert free(rule) == WEEK_LATER


@pytest.mark.parametrize(("opens", "closes"), [(time(9), None), (time(12), time(9)), (time(9), time(9))])
def test_exception_has_two_hours_in_order_or_none_in_the_database(rule, opens, closes):
    with pytest.raises(IntegrityError, match="opening_exception_closed_or_hours"), transaction.atomic():
        OpeningExceptionFactory(rule=rule, opens=opens, closes=closes)


def test_one_exception_a_day_in_the_database(rule):
    OpeningExceptionFactory(rule=rule)

    with pytest.raises(IntegrityError, match="opening_exception_once_a_day"), transaction.atomic():
        OpeningExceptionFactory(rule=rule)
