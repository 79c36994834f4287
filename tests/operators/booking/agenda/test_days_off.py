"""Holidays as they are shipped, by department: lesson 21 (RDV-SP 2006)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cep_portal.territories.models import PublicHoliday
from cep_portal.territories.services import _holidays
from operators.booking.agenda.selectors import slot_times
from tests.clock import moved, moved_day
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.factories.territories import CommuneFactory, DepartmentFactory

pytestmark = pytest.mark.django_db
EVERYWHERE = [moved_day("2026-12-25")] + [
    date(2027, month, day)
    for month, day in [(1, 1), (3, 29), (5, 1), (5, 6), (5, 8), (5, 17), (7, 14), (8, 15), (11, 1), (11, 11)]
]


@pytest.mark.dated
@pytest.mark.parametrize(
    ("department", "zone", "own"),
    [
        ("35", "Europe/Paris", []),
        ("67", "Europe/Paris", [moved_day("2026-12-26"), moved_day("2027-03-26")]),
        ("57", "Europe/Paris", [moved_day("2026-12-26"), moved_day("2027-03-26")]),
        ("971", "America/Guadeloupe", [date(2027, 5, 27)]),
        ("972", "America/Martinique", [date(2027, 5, 22)]),
        ("973", "America/Cayenne", [date(2027, 6, 10)]),
        ("974", "Indian/Reunion", [moved_day("2026-12-20")]),
        ("976", "Indian/Mayotte", [date(2027, 4, 27)]),
    ],
)
def test_no_slot_on_the_days_off_of_the_department_rdvsp_2006(department, zone, own):
    """Easter Monday everywhere, Good Friday and 26 December in Alsace-Moselle, overseas days."""
    place = DepartmentFactory(code=department, zone=zone)
    PublicHoliday.objects.bulk_create(
        PublicHoliday(**{**row, "department": place})
        for row in _holidays([department])
        if row["department"] == department
    )
    site = SiteFactory(commune=CommuneFactory(department=place), zone=zone)
    for weekday in range(1, 8):
        OpeningRuleFactory(adviser__site=site, weekday=weekday, closes=time(10))

    off, now = [], moved("2026-12-14 03:00")
    while now < datetime(2027, 12, 1, tzinfo=UTC):
        ends = now + timedelta(weeks=7)
        open_days = {
            slot_time.starts_at.date()  # nine o'clock: the same day in UTC in all seven zones
            for slot_time in slot_times(contract=site.contract, starts=now, ends=ends, now=now)
        }
        off += [day for n in range(49) if (day := (now + timedelta(days=n)).date()) not in open_days]
        now = ends

    wanted = sorted(EVERYWHERE + own)
    assert [day for day in off if day <= date(2027, 11, 20)] == wanted
