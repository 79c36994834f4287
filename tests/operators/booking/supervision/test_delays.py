"""The delay to the first, second and third hour that can really be booked, measured once a local night."""

from datetime import time, timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.selectors import free_slots
from operators.booking.supervision import tasks
from operators.booking.supervision.services import measure_delays
from operators.network.models import SlotDelay
from tests.clock import moved, moved_day
from tests.factories.operators import (
    AbsenceFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.operators.booking.agenda.clock import at

pytestmark = pytest.mark.django_db
NIGHT = moved("2026-11-24 03:20")  # Tuesday, 3:20 in Paris, 6:20 in La Réunion


def measure(now=NIGHT, **options):
    return measure_delays(now=now, **options)


def seen(**filters):
    """(measured on, first, second, third) of the rows found, in order."""
    delays = SlotDelay.objects.filter(**filters).order_by("measured_on", "site", "level", "mode")
    return [
        (delay.measured_on.day, delay.first_days, delay.second_days, delay.third_days) for delay in delays
    ]


def test_delays_count_local_days_to_the_first_three_free_hours():
    rule = OpeningRuleFactory(closes=time(11), levels=["ONE"], modes=["ON_SITE"])  # Mondays 9:00 only

    assert measure() == 1

    delay = SlotDelay.objects.get()
    assert (delay.site, delay.level, delay.mode, delay.measured_on) == (
        rule.site,
        "ONE",
        "ON_SITE",
        moved_day("2026-11-24"),
    )
    assert (delay.first_at, delay.second_at, delay.third_at) == (
        at("2026-11-30 09:00"),
        at("2026-12-07 09:00"),
        at("2026-12-14 09:00"),
    )
    assert (delay.first_days, delay.second_days, delay.third_days, delay.free_count) == (6, 13, 20, 8)


def test_taken_hours_and_absences_are_no_longer_counted():
    rule = OpeningRuleFactory(closes=time(11), levels=["ONE"], modes=["PHONE"])
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 09:00"))
    AbsenceFactory(adviser=rule.adviser, period=(at("2026-12-14 00:00"), at("2026-12-15 00:00")))

    measure()

    assert seen() == [(24, 13, 27, 34)]


def test_each_level_and_mode_is_measured_apart():
    """Two advisers between them offer both levels and both modes, not every pair of them."""
    rule = OpeningRuleFactory(levels=["ONE"], modes=["PHONE"])
    OpeningRuleFactory(adviser__site=rule.site, weekday=3, levels=["TWO"], modes=["ON_SITE"])

    measure()

    assert [(delay.level, delay.mode, delay.first_days) for delay in SlotDelay.objects.order_by("level")] == [
        ("ONE", "PHONE", 6),
        ("TWO", "ON_SITE", 1),
    ]


def test_an_hour_of_two_advisers_is_one_hour():
    rule = OpeningRuleFactory(closes=time(10), levels=["ONE"], modes=["PHONE"])
    OpeningRuleFactory(adviser__site=rule.site, closes=time(10), levels=["ONE"], modes=["PHONE"])

    measure()

    assert list(SlotDelay.objects.values_list("free_count", "second_days")) == [(8, 13)]


def test_a_full_agenda_is_a_row_without_delay():
    rule = OpeningRuleFactory(levels=["ONE"], modes=["VIDEO"])
    AbsenceFactory(adviser=rule.adviser, period=(NIGHT, NIGHT + timedelta(days=90)))

    measure()

    assert seen() == [(24, None, None, None)]


def test_parts_of_the_free_hours_are_counted_in_local_time():
    rule = OpeningRuleFactory(
        site__reunion=True,
        adviser__site__reunion=True,
        opens=time(8),
        closes=time(9),
        levels=["ONE"],
        modes=["PHONE"],
    )
    for opens, weekday in ((time(12, 30), 1), (time(18), 1), (time(10), 6)):
        closes = time(opens.hour + 1, opens.minute)
        OpeningRuleFactory(
            adviser=rule.adviser, weekday=weekday, opens=opens, closes=closes, levels=["ONE"], modes=["PHONE"]
        )

    measure(now=moved("2026-11-24 01:20"))  # 4:20 there

    delay = SlotDelay.objects.get()
    assert delay.free_count == 32
    assert (delay.before_9_count, delay.lunch_count, delay.after_18_count, delay.saturday_count) == (
        8,
        8,
        8,
        8,
    )


def test_a_second_run_of_the_night_adds_nothing():
    OpeningRuleFactory()

    assert measure() == 6
    assert measure(now=NIGHT + timedelta(hours=1)) == 0
    assert AuditEvent.objects.filter(action="operators.delays.measured").count() == 1


def test_a_missed_night_stays_without_a_figure():
    OpeningRuleFactory(closes=time(10), levels=["ONE"], modes=["PHONE"])

    measure()
    assert measure(now=NIGHT + timedelta(days=1, hours=6)) == 0  # the worker comes back at 9:20
    measure(now=NIGHT + timedelta(days=2))

    assert [day for day, *_ in seen()] == [24, 26]


@pytest.mark.parametrize(
    ("now", "measured"),
    [
        (moved("2026-11-24 03:20"), ["Europe/Paris"]),
        (moved("2026-11-24 00:20"), ["Indian/Reunion"]),
        (moved("2026-11-24 13:00"), []),
    ],
)
def test_each_zone_has_its_own_night_and_its_own_day(now, measured):
    OpeningRuleFactory(levels=["ONE"], modes=["PHONE"])
    OpeningRuleFactory(adviser__site=SiteFactory(reunion=True), levels=["ONE"], modes=["PHONE"])

    measure(now=now)

    assert list(SlotDelay.objects.values_list("site__zone", flat=True)) == measured
    assert set(SlotDelay.objects.values_list("measured_on", flat=True)) <= {moved_day("2026-11-24")}


def test_sites_that_receive_nobody_have_no_row():
    SiteFactory()
    OpeningRuleFactory(adviser__site__is_open=False)
    OpeningRuleFactory(adviser__is_active=False)
    OpeningRuleFactory(last_on=moved_day("2026-11-23"))
    OpeningRuleFactory(adviser__site__contract=ContractFactory(ends_on=moved_day("2026-11-01")))

    assert measure() == 0


def test_what_is_measured_is_what_the_slot_page_offers():
    rule = OpeningRuleFactory()
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 09:00"))

    measure()

    measured = list(SlotDelay.objects.all())
    assert len(measured) == 6  # two levels by three modes
    for delay in measured:
        slots = free_slots(
            contract=rule.site.contract,
            starts=NIGHT,
            ends=NIGHT + timedelta(weeks=9),
            now=NIGHT,
            level=delay.level,
            mode=delay.mode,
        )
        starts = sorted({slot.starts_at for slot in slots})
        assert ([delay.first_at, delay.second_at, delay.third_at], delay.free_count) == (
            starts[:3],
            len(starts),
        )


@pytest.mark.parametrize("count", [1, 4])
def test_statements_do_not_grow_with_the_sites(django_assert_num_queries, count):
    contract = ContractFactory()
    for _ in range(count):
        OpeningRuleFactory(adviser__site=SiteFactory(contract=contract))

    # contracts; savepoint, lock, sites, known, openings, six of slots, rows, journal, release
    with django_assert_num_queries(15):
        measure()


def test_the_task_measures_the_present_night(clock):
    OpeningRuleFactory()
    clock.move_to(NIGHT)

    tasks.measure_delays(something_newer=1)

    assert SlotDelay.objects.count() == 6
