"""The clock goes forward and the nights on the way are lived through."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery import shared_task
from celery.schedules import crontab
from django.contrib.sessions.models import Session
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.training.enums import Step
from cep_portal.training.errors import ClockTooFar, PlaceBusy, TrainingOnly
from cep_portal.training.gateways import clock, progress
from cep_portal.training.models import TrainingPlace
from cep_portal.training.rules import FURTHEST, can_lead_place, destination
from cep_portal.training.services import ask_move, run_move
from tests.factories.accounts import UserFactory
from tests.training.conftest import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
lived: list = []


@shared_task(name="tests.live")
def live():
    lived.append(timezone.localtime())
    live_later.delay()


@shared_task(name="tests.live_later")
def live_later():
    lived.append(timezone.localtime())


@shared_task(name="tests.fail")
def fail():
    raise ValueError("broken")


@pytest.fixture
def nights(training):
    lived.clear()
    training.CELERY_BEAT_SCHEDULE = {"live": {"task": "tests.live", "schedule": crontab(hour=3, minute=10)}}


@pytest.fixture
def manager():
    return UserFactory(role=Role.OPERATOR_MANAGER)


def move(step, by, capture):
    with capture(execute=True):
        return ask_move(step=step, by=by, now=timezone.now())


@pytest.mark.parametrize("role", Role)
def test_managers_and_the_administrator_lead_the_place(role):
    assert can_lead_place(SimpleNamespace(role=role)) == (role in {Role.OPERATOR_MANAGER, Role.ADMINISTRATOR})


@pytest.mark.parametrize(
    ("step", "reached"),
    [(Step.DAY, "2026-11-21 10:30"), (Step.WEEK, "2026-11-27 10:30"), (Step.MONTH, "2026-12-01 10:30")],
)
def test_each_step_keeps_the_hour_of_paris(step, reached):
    assert timezone.localtime(destination(step, now=NOW)).strftime("%Y-%m-%d %H:%M") == reached


def test_the_hour_of_paris_stays_when_clocks_change():
    autumn = NOW.replace(month=10, day=24, hour=8)  # 10:30 in summer time

    moved = timezone.localtime(destination(Step.DAY, now=autumn))

    assert (moved.day, moved.hour, moved.minute) == (25, 10, 30)


def test_a_week_is_lived_night_by_night(nights, place, manager, django_capture_on_commit_callbacks):
    move(Step.WEEK, manager, django_capture_on_commit_callbacks)

    place.refresh_from_db()
    assert (place.ahead, place.moving_to, place.failures) == (7 * DAY, None, [])
    assert timezone.now() == NOW + 7 * DAY
    # What a task sends is run in the same night, not when the days are over.
    assert [moment.strftime("%d %H:%M") for moment in lived] == [
        f"{day} 03:10" for day in range(21, 28) for _ in range(2)
    ]


def test_a_task_that_fails_is_named_and_stops_nothing(
    nights, training, place, manager, django_capture_on_commit_callbacks
):
    training.CELERY_BEAT_SCHEDULE |= {"fail": {"task": "tests.fail", "schedule": crontab(hour=4, minute=0)}}

    move(Step.WEEK, manager, django_capture_on_commit_callbacks)

    place.refresh_from_db()
    assert (place.ahead, place.failures, len(lived)) == (7 * DAY, ["tests.fail"], 14)


def test_sign_ins_keep_the_time_they_had_left(nights, place, manager, django_capture_on_commit_callbacks):
    Session.objects.create(session_key="a", session_data="", expire_date=NOW + timedelta(hours=2))

    move(Step.WEEK, manager, django_capture_on_commit_callbacks)

    assert Session.objects.get().expire_date - timezone.now() == timedelta(hours=2)


def test_a_move_that_was_cut_goes_on_from_its_hour(nights, place):
    TrainingPlace.objects.update(ahead=3 * DAY, moving_to=NOW + 4 * DAY)

    assert run_move() == 1

    place.refresh_from_db()
    assert (place.ahead, [moment.day for moment in lived]) == (4 * DAY, [24, 24])
    assert run_move() == 0


def test_a_move_is_written_in_the_journal(nights, place, manager):
    ask_move(step=Step.DAY, by=manager, now=NOW)

    line = AuditEvent.objects.get(action="training.clock.moved")
    assert (line.actor, line.data) == (manager, {"step": "DAY"})


def test_a_move_waits_for_the_one_under_way(nights, place, manager):
    ask_move(step=Step.DAY, by=manager, now=NOW)

    with pytest.raises(PlaceBusy):
        ask_move(step=Step.DAY, by=manager, now=NOW)


def test_a_move_waits_for_the_place_to_be_rebuilt(nights, place, manager):
    progress.begin()

    with pytest.raises(PlaceBusy):
        ask_move(step=Step.DAY, by=manager, now=NOW)


def test_the_clock_stops_before_the_journal_s_wall(nights, place, manager):
    TrainingPlace.objects.update(ahead=FURTHEST - DAY)
    clock.refresh()

    with pytest.raises(ClockTooFar, match="mercredi 19 mai 2027"):
        ask_move(step=Step.WEEK, by=manager, now=timezone.now())


def test_elsewhere_nothing_moves(nights, manager):
    with pytest.raises(TrainingOnly):
        ask_move(step=Step.DAY, by=manager, now=NOW)
    assert run_move() == 0
