"""Two clocks for each session: how soon it was logged, by place and by adviser."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from operators.booking.agenda.enums import AppointmentState
from operators.reception.team.selectors.quality import Counts, log_quality
from tests.clock import moved, moved_day
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
OCTOBER = moved_day("2026-10-01")
HELD = moved("2026-10-05 10:00")  # an hour long
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def held(adviser, logged_after: timedelta, *, starts_at=HELD):
    """A session, logged so long after its end."""
    return CounsellingSessionFactory(
        pathway__adviser=adviser, starts_at=starts_at, recorded_at=starts_at + HOUR + logged_after
    )


def owed(adviser, starts_at=HELD, **changes):
    return AppointmentFactory(adviser=adviser, starts_at=starts_at, booked_at=starts_at - DAY, **changes)


def quality(manager, month=OCTOBER, now=NOW):
    return log_quality(user=manager, month=month, now=now)


def test_a_session_is_in_time_up_to_two_days_after_its_end(adviser, manager):
    for number, after in enumerate((HOUR, 2 * DAY, 2 * DAY + timedelta(seconds=1), 40 * DAY)):
        held(adviser, after, starts_at=HELD + number * HOUR)

    rows = quality(manager)

    assert rows.total == Counts(logged=4, late=2, after_month=1, missing=0)
    assert rows.total.in_time_rate == 50


def test_what_is_over_for_two_days_and_unsaid_is_still_to_log(adviser, manager):
    held(adviser, HOUR)
    owed(adviser, HELD + DAY)
    owed(adviser, HELD + 2 * DAY, state=AppointmentState.NO_SHOW)
    owed(adviser, NOW - 2 * DAY)

    assert quality(manager).total == Counts(logged=1, missing=1)
    assert quality(manager).total.in_time_rate == 50
    assert quality(manager, month=moved_day("2026-11-01")).sites == ()


@pytest.mark.dated
def test_a_month_is_local(adviser, manager):
    """23:30 on the 30 September in Paris is the 30th, whatever UTC says."""
    night = datetime(2026, 9, 30, 21, 30, tzinfo=UTC)
    held(adviser, HOUR, starts_at=night)
    owed(adviser, night + HOUR)

    assert quality(manager, month=date(2026, 9, 1)).total == Counts(logged=1, after_month=1)
    assert quality(manager).total == Counts(missing=1)


def test_lines_are_by_place_then_adviser_and_who_owes_nothing_is_left_out(adviser, manager):
    contract = adviser.site.contract
    second = SiteFactory(contract=contract, name="Zénith")
    colleague = AdviserFactory(site=second)
    AdviserFactory(site=second)
    held(adviser, HOUR)
    held(colleague, 3 * DAY)
    held(AdviserFactory(), HOUR)

    rows = quality(manager)

    assert [(place.site, place.counts.late) for place in rows.sites] == [(adviser.site, 0), (second, 1)]
    assert [line.adviser for line in rows.sites[1].advisers] == [colleague]


def test_no_session_has_no_rate():
    assert Counts().in_time_rate is None


@pytest.mark.dated
@pytest.mark.parametrize("count", [1, 4])
def test_page_query_count_is_constant(client, django_assert_num_queries, adviser, manager, count):
    for _ in range(count):
        row = AdviserFactory(site=SiteFactory(contract=adviser.site.contract))
        held(row, HOUR)
        owed(row, HELD + DAY)
    client.force_login(manager)

    with django_assert_num_queries(6):  # session, user, mandate, advisers, logged, missing
        page = client.get(reverse("operators:log_quality"), {"mois": "2026-10"})

    assert len(page.context["quality"].sites) == count


def test_an_unknown_month_does_not_exist(client, manager):
    client.force_login(manager)

    assert client.get(reverse("operators:log_quality"), {"mois": "2020-13"}).status_code == 404


def test_a_month_without_sessions_says_so(client, manager):
    client.force_login(manager)

    assert "Aucune séance ce mois-là" in client.get(reverse("operators:log_quality")).text
