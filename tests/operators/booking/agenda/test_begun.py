"""Begun is not to come: a session under way goes on and is logged, whatever stops around it."""

from datetime import time, timedelta

import pytest

from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.errors import TooLateToChange
from operators.booking.agenda.models import Appointment, Replacement
from operators.booking.agenda.services.recurring import WeeklyHours
from operators.booking.groups.models import GroupSession
from operators.casework.pathways.selectors import appointments_to_log
from operators.moving.handovers.services import hand_over
from operators.reception.team.services import close_for_good, suspend_adviser
from tests.clock import moved_day
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.acts import NINE, TEN

pytestmark = pytest.mark.django_db
UNDER_WAY = NINE + timedelta(minutes=30)
OVER = NINE + timedelta(minutes=61)
MONDAY = moved_day("2026-11-30")
DAY = timedelta(days=1)


@pytest.fixture
def adviser():
    return OpeningRuleFactory().adviser


@pytest.fixture
def held(adviser):
    """Being held: it began half an hour ago."""
    return booked_with(adviser)


def owed_by(adviser):
    return list(appointments_to_log(user=adviser.user, now=OVER))


def suspend(adviser):
    suspend_adviser(adviser=adviser, by=adviser.user, now=UNDER_WAY)


def be_away(adviser):
    services.lay_absence_and_replace(
        adviser=adviser, starts_at=UNDER_WAY - DAY, ends_at=UNDER_WAY + DAY, by=adviser.user, now=UNDER_WAY
    )


def be_away_every_week(adviser):
    hours = WeeklyHours(1, time(8), time(10), 1, MONDAY, None)
    services.lay_recurring_absence(adviser=adviser, hours=hours, by=adviser.user, now=UNDER_WAY)


def close_the_day(adviser):
    services.close_site_and_replace(
        site=adviser.site, first_on=MONDAY, last_on=MONDAY, reason="", by=adviser.user, now=UNDER_WAY
    )


def close_the_place(adviser):
    place = adviser.site
    adviser.site = SiteFactory(contract=place.contract)
    adviser.save()
    close_for_good(site=place, by=adviser.user, now=UNDER_WAY)


def close_the_hours(adviser):
    services.change_opening_day(
        rule=adviser.opening_rules.get(), day=MONDAY, opens=None, closes=None, by=adviser.user, now=UNDER_WAY
    )


STOPS = [suspend, be_away, be_away_every_week, close_the_day, close_the_place, close_the_hours]


@pytest.mark.parametrize("stop", STOPS)
def test_a_session_under_way_goes_on_and_can_be_logged(stop, adviser, held):
    stop(adviser)

    held.refresh_from_db()
    assert (held.state, held.adviser) == (AppointmentState.BOOKED, adviser)
    assert list(Appointment.objects.to_log(OVER)) == [held]
    assert not Replacement.objects.exists()


@pytest.mark.parametrize("stop", [suspend, be_away, close_the_day, close_the_place])
def test_the_session_after_it_is_replaced(stop, adviser, held):
    coming = booked_with(adviser, starts_at=TEN)

    stop(adviser)

    assert [replacement.appointment for replacement in Replacement.objects.all()] == [coming]


def test_a_session_under_way_is_not_handed_over(adviser, held):
    colleague = OpeningRuleFactory(adviser__site=adviser.site).adviser
    pathway = PathwayFactory(adviser=adviser, beneficiary=held.beneficiary)

    hand_over(pathways=[pathway], former=adviser, colleague=colleague, by=adviser.user, now=UNDER_WAY)

    held.refresh_from_db()
    assert held.adviser == adviser


@pytest.mark.parametrize("by", [CancelledBy.OPERATOR, CancelledBy.PERSON])
def test_nobody_cancels_what_has_begun(by, adviser, held):
    with pytest.raises(TooLateToChange, match="il se saisit"):
        services.cancel_appointment(appointment=held, by=by, actor=adviser.user, now=UNDER_WAY)


def test_a_meeting_under_way_stops_no_departure(adviser):
    meeting = GroupSessionFactory(adviser=adviser, starts_at=NINE)

    suspend(adviser)

    adviser.refresh_from_db()
    assert not adviser.is_active
    assert GroupSession.objects.get().state == meeting.state


def test_what_somebody_suspended_did_not_log_falls_to_who_follows_the_person(adviser, held):
    colleague, other = AdviserFactory(site=adviser.site), AdviserFactory(site=adviser.site)
    PathwayFactory(adviser=adviser, beneficiary=held.beneficiary)

    suspend_adviser(adviser=adviser, colleague=colleague, by=adviser.user, now=UNDER_WAY)

    lists = [owed_by(colleague), owed_by(other)]
    assert lists == [[held], []]


def test_what_nobody_follows_falls_to_the_colleagues_of_the_place(adviser, held):
    colleague, elsewhere = AdviserFactory(site=adviser.site), AdviserFactory()

    suspend(adviser)

    lists = [owed_by(colleague), owed_by(elsewhere)]
    assert lists == [[held], []]


@pytest.mark.parametrize(
    ("minutes", "names"),
    [
        (-1, {"to_come", "not_over"}),
        (0, {"not_over", "begun"}),
        (59, {"not_over", "begun"}),
        (60, {"begun", "to_log"}),
    ],
)
def test_four_words_for_one_booking(minutes, names):
    AppointmentFactory(starts_at=NINE)
    now = NINE + timedelta(minutes=minutes)

    rows = Appointment.objects.all()
    words = {"to_come": rows.to_come, "not_over": rows.not_over, "begun": rows.begun, "to_log": rows.to_log}

    assert {name for name, of in words.items() if of(now).exists()} == names
