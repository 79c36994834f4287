from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.selectors import free_slots, next_availability, slot_at
from operators.network.enums import Mode, ServiceLevel
from tests.clock import moved_day
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, DepartmentFactory, PublicHolidayFactory
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
MONDAY = ["2026-11-30 09:00", "2026-11-30 10:15"]


def contract_of(rule):
    return rule.site.contract


def test_slots_follow_the_grid_of_session_and_buffer():
    rule = OpeningRuleFactory(opens=time(9), closes=time(12, 30))

    assert hours(contract_of(rule)) == [*MONDAY, "2026-11-30 11:30"]


def test_last_session_ends_at_closing_and_its_buffer_may_run_past():
    rule = OpeningRuleFactory(opens=time(9), closes=time(11, 15))

    assert hours(contract_of(rule)) == MONDAY


def test_same_slot_is_shown_once_whatever_the_advisers_rdvsp_3402():
    first = OpeningRuleFactory()
    second = OpeningRuleFactory(adviser__site=first.site)

    slots = free_slots(contract=first.site.contract, starts=NOW, ends=NOW + timedelta(10), now=NOW)

    assert [slot.adviser_ids for slot in slots] == [(first.adviser_id, second.adviser_id)] * 2


def test_booked_adviser_leaves_the_slot_to_the_others():
    first = OpeningRuleFactory()
    second = OpeningRuleFactory(adviser__site=first.site)
    AppointmentFactory(adviser=first.adviser)

    slots = free_slots(contract=first.site.contract, starts=NOW, ends=NOW + timedelta(10), now=NOW)

    assert [slot.adviser_ids for slot in slots] == [
        (second.adviser_id,),
        (first.adviser_id, second.adviser_id),
    ]


def test_buffer_of_a_slot_may_not_touch_the_next_appointment_rdvsp_2138():
    rule = OpeningRuleFactory()
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 10:05"))

    assert hours(contract_of(rule)) == []


@pytest.mark.parametrize(
    ("state", "free"),
    [
        (AppointmentState.BOOKED, False),
        (AppointmentState.ATTENDED, False),
        (AppointmentState.NO_SHOW, False),
        (AppointmentState.EXPIRED, True),
    ],
)
def test_only_live_states_take_the_slot(state, free):
    rule = OpeningRuleFactory()
    AppointmentFactory(adviser=rule.adviser, state=state)

    assert ("2026-11-30 09:00" in hours(contract_of(rule))) is free


@pytest.mark.parametrize(("seconds", "free"), [(-1, True), (0, True), (1, False)])
def test_hold_takes_the_slot_until_it_expires(seconds, free):
    rule = OpeningRuleFactory()
    AppointmentFactory(adviser=rule.adviser, on_hold=True, hold_expires_at=NOW + timedelta(seconds=seconds))

    assert (MONDAY[0] in hours(contract_of(rule))) is free


def test_absence_blocks_its_last_day_rdvsp_2055():
    rules = [OpeningRuleFactory(weekday=1)]
    rules += [OpeningRuleFactory(adviser=rules[0].adviser, weekday=day) for day in (2, 3)]
    AbsenceFactory(
        adviser=rules[0].adviser,
        period=DateTimeTZRange(at("2026-11-30 00:00"), at("2026-12-02 00:00")),
    )

    assert hours(contract_of(rules[0]), starts=at("2026-11-30 00:00"), days=4) == [
        "2026-12-02 09:00",
        "2026-12-02 10:15",
    ]


def test_absence_that_ends_at_nine_leaves_nine_free_rdvsp_3974():
    rule = OpeningRuleFactory()
    AbsenceFactory(
        adviser=rule.adviser, period=DateTimeTZRange(at("2026-11-30 08:00"), at("2026-11-30 09:00"))
    )

    assert hours(contract_of(rule)) == MONDAY


def test_absence_right_after_a_session_may_eat_the_buffer_only():
    rule = OpeningRuleFactory()
    AbsenceFactory(
        adviser=rule.adviser, period=DateTimeTZRange(at("2026-11-30 10:00"), at("2026-11-30 12:00"))
    )

    assert hours(contract_of(rule)) == MONDAY[:1]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        (1, ["11-23", "11-30", "12-07", "12-14", "12-21", "12-28"]),
        (2, ["11-23", "12-07", "12-21"]),
        (3, ["12-07", "12-28"]),
    ],
)
def test_recurrence_counts_weeks_from_the_first_one(every, expected):
    rule = OpeningRuleFactory(every_weeks=every, first_on=moved_day("2026-10-22"), closes=time(10))

    days = [
        hour[5:10]
        for hour in hours(
            contract_of(rule), starts=at("2026-11-23 00:00"), days=42, now=at("2026-11-20 09:00")
        )
    ]

    assert days == expected


def test_rule_opens_on_its_first_day_and_closes_after_its_last():
    rule = OpeningRuleFactory(
        first_on=moved_day("2026-11-30"), last_on=moved_day("2026-12-07"), closes=time(10)
    )

    assert hours(contract_of(rule), days=40) == ["2026-11-30 09:00", "2026-12-07 09:00"]


@pytest.mark.dated
def test_rule_that_starts_after_the_window_gives_nothing():
    rule = OpeningRuleFactory(first_on=date(2027, 6, 1))

    assert hours(contract_of(rule)) == []


def test_no_slot_after_the_contract_ends():
    rule = OpeningRuleFactory(
        adviser__site__contract=ContractFactory(ends_on=moved_day("2026-12-06")), closes=time(10)
    )

    assert hours(contract_of(rule), days=30) == ["2026-11-30 09:00"]


@pytest.mark.parametrize(("minutes_before", "free"), [(120, True), (119, False)])
def test_minimum_notice_is_the_same_for_every_path_rdvsp_2005(minutes_before, free):
    rule = OpeningRuleFactory()
    nine = at("2026-11-30 09:00")
    now = nine - timedelta(minutes=minutes_before)

    found = hours(contract_of(rule), starts=nine - timedelta(hours=9), days=1, now=now)
    held = slot_at(site=rule.site, starts_at=nine, level="ONE", mode="PHONE", now=now)

    assert (MONDAY[0] in found, held is not None) == (free, free)


def test_horizon_is_eight_weeks():
    rule = OpeningRuleFactory(closes=time(10))

    found = hours(contract_of(rule), days=100, now=at("2026-11-23 09:00"))

    assert found[-1] == "2027-01-11 09:00"


def test_public_holiday_depends_on_the_department_rdvsp_2006():
    """Bas-Rhin rests on 26 December, Ille-et-Vilaine works."""
    contract = ContractFactory()
    rennes = SiteFactory(contract=contract)
    strasbourg = SiteFactory(contract=contract, commune=CommuneFactory(strasbourg=True))
    for site in (rennes, strasbourg):
        OpeningRuleFactory(adviser__site=site, weekday=6, closes=time(10))
    PublicHolidayFactory(department=DepartmentFactory(bas_rhin=True), day=moved_day("2026-12-26"))

    def open_days(site):
        return hours(contract, starts=at("2026-12-19 00:00"), days=10, site=site, now=at("2026-12-01 00:00"))

    assert open_days(rennes) == ["2026-12-19 09:00", "2026-12-26 09:00"]
    assert open_days(strasbourg) == ["2026-12-19 09:00"]


def test_reunion_rests_on_20_december():
    rule = OpeningRuleFactory(adviser__site__reunion=True, weekday=7, closes=time(10))
    PublicHolidayFactory(department=DepartmentFactory(reunion=True), day=moved_day("2026-12-20"))

    assert hours(contract_of(rule), starts=at("2026-12-13 00:00"), days=15) == [
        "2026-12-13 09:00",
        "2026-12-27 09:00",
    ]


def test_custom_day_off_is_not_a_public_holiday():
    rule = OpeningRuleFactory(closes=time(10))
    PublicHolidayFactory(department=rule.site.commune.department, day=moved_day("2026-11-30"), is_legal=False)

    assert hours(contract_of(rule), days=8) == ["2026-11-30 09:00"]


@pytest.mark.dated
@pytest.mark.parametrize(
    ("zone", "utc_hour"),
    [
        ("Europe/Paris", 8),
        ("America/Guadeloupe", 13),
        ("America/Martinique", 13),
        ("America/Cayenne", 12),
        ("America/Miquelon", 12),
        ("Indian/Reunion", 5),
        ("Indian/Mayotte", 6),
    ],
)
def test_nine_is_nine_in_each_zone_rdvsp_2393(zone, utc_hour):
    rule = OpeningRuleFactory(adviser__site__zone=zone, closes=time(10))

    slots = free_slots(
        contract=contract_of(rule),
        starts=datetime(2026, 11, 29, tzinfo=UTC),
        ends=datetime(2026, 12, 2, tzinfo=UTC),
        now=NOW,
    )

    assert [slot.starts_at for slot in slots] == [datetime(2026, 11, 30, utc_hour, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("sunday", "before", "after"),
    [("2027-03-28", 8, 7), ("2026-10-25", 7, 8)],
)
def test_nine_stays_nine_on_the_day_clocks_change_rdvsp_4158(sunday, before, after):
    """In Paris nine o'clock is 8:00 UTC in winter, 7:00 in summer."""
    rule = OpeningRuleFactory(weekday=7, closes=time(10))
    day = date.fromisoformat(sunday)
    starts = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=8)

    slots = free_slots(contract=contract_of(rule), starts=starts, ends=starts + timedelta(days=9), now=starts)

    assert [slot.starts_at.hour for slot in slots] == [before, after]


@pytest.mark.parametrize(
    ("sunday", "expected"),
    [
        ("2027-03-28", ["01:00", "03:00", "04:00"]),  # 2:00 does not exist
        ("2026-10-25", ["01:00", "02:00", "02:00", "03:00", "04:00"]),  # 2:00 comes twice
    ],
)
def test_no_hour_is_lost_or_doubled_inside_the_night_of_change(sunday, expected):
    """cal.com 1092, 2250, 4702, 6217, 8398, 10517, 12137, 30104: offsets applied twice."""
    rule = OpeningRuleFactory(weekday=7, opens=time(1), closes=time(5), buffer_minutes=0)
    day = datetime.fromisoformat(sunday).replace(tzinfo=ZoneInfo("Europe/Paris"))

    found = hours(contract_of(rule), starts=day, days=1, now=day - timedelta(days=3))

    assert [hour[11:] for hour in found] == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"hours": "before_9"}, ["11-30 07:30", "12-05 07:30"]),
        ({"hours": "after_18"}, ["11-30 18:00"]),
        ({"hours": "saturday"}, ["12-05 07:30", "12-05 09:00"]),
        ({"level": "TWO"}, ["11-30 18:00"]),
        ({"mode": "VIDEO"}, ["11-30 07:30", "11-30 09:00"]),
        ({"level": "TWO", "mode": "VIDEO"}, []),
    ],
)
def test_filters(filters, expected):
    adviser = AdviserFactory()
    early = {"opens": time(7, 30), "closes": time(10), "buffer_minutes": 30, "levels": ["ONE"]}
    OpeningRuleFactory(adviser=adviser, weekday=1, modes=[Mode.VIDEO], **early)
    OpeningRuleFactory(adviser=adviser, weekday=6, modes=[Mode.ON_SITE], **early)
    OpeningRuleFactory(
        adviser=adviser, weekday=1, opens=time(18), closes=time(19), levels=["TWO"], modes=["PHONE"]
    )

    found = hours(adviser.site.contract, starts=at("2026-11-29 00:00"), days=7, **filters)

    assert [hour[5:] for hour in found] == expected


def test_evening_filter_reads_the_local_clock():
    rule = OpeningRuleFactory(adviser__site__reunion=True, opens=time(18), closes=time(19))

    assert hours(contract_of(rule), hours="after_18") == ["2026-11-30 18:00"]


@pytest.mark.parametrize(("max_km", "expected"), [(5, 1), (60, 2), (None, 3)])
def test_distance_from_a_commune(max_km, expected):
    contract = ContractFactory()
    rennes = CommuneFactory()
    fougeres = CommuneFactory(code="35115", name="Fougères", longitude=-1.2, latitude=48.35)
    brest = CommuneFactory(code="29019", name="Brest", longitude=-4.5, latitude=48.4)
    for commune in (rennes, fougeres, brest):
        OpeningRuleFactory(adviser__site=SiteFactory(contract=contract, commune=commune), closes=time(10))

    assert len(hours(contract, days=8, near=rennes, max_km=max_km)) == expected


def test_other_contracts_closed_sites_and_absent_advisers_are_left_out():
    rule = OpeningRuleFactory()
    contract = contract_of(rule)
    OpeningRuleFactory(opens=time(14), closes=time(15))
    OpeningRuleFactory(
        adviser__site=SiteFactory(contract=contract, is_open=False), opens=time(15), closes=time(16)
    )
    OpeningRuleFactory(adviser__site=rule.site, adviser__is_active=False, opens=time(16), closes=time(17))

    assert hours(contract) == MONDAY


def test_levels_and_modes_of_a_slot_are_those_of_its_advisers():
    opening = OpeningRuleFactory(levels=[ServiceLevel.TWO], modes=[Mode.VIDEO], closes=time(10))
    OpeningRuleFactory(
        adviser__site=opening.site, levels=[ServiceLevel.ONE], modes=[Mode.ON_SITE], closes=time(10)
    )

    (slot,) = free_slots(contract=opening.site.contract, starts=NOW, ends=NOW + timedelta(8), now=NOW)

    assert (slot.levels, slot.modes) == (("ONE", "TWO"), ("ON_SITE", "VIDEO"))


@pytest.mark.parametrize("advisers", [1, 4])
def test_search_is_one_query_whatever_the_advisers(django_assert_num_queries, advisers):
    """RDV-SP PR 5882, PR 6235, PR 6295: a query for each busy time."""
    site = SiteFactory()
    for _ in range(advisers):
        OpeningRuleFactory(adviser__site=site)

    with django_assert_num_queries(1):
        hours(site.contract, days=28)


def test_next_availability_looks_to_the_horizon_in_one_query(django_assert_num_queries):
    rule = OpeningRuleFactory(first_on=moved_day("2027-01-04"))
    contract = contract_of(rule)

    with django_assert_num_queries(1):
        slot = next_availability(contract=contract, after=NOW, now=NOW, level="ONE")

    assert slot.starts_at == at("2027-01-04 09:00")


def test_next_availability_says_when_there_is_none():
    assert next_availability(contract=ContractFactory(), after=NOW, now=NOW) is None
