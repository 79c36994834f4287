"""Moving the clock of the place: the nights that pass are lived through, one task after another."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.common.wording.dates import long_day
from cep_portal.training import selectors
from cep_portal.training.errors import ClockTooFar, PlaceBusy, TrainingOnly
from cep_portal.training.gateways import clock, progress
from cep_portal.training.models import TrainingPlace
from cep_portal.training.rules import destination
from cep_portal.training.rules.night import due_tasks

logger = logging.getLogger(__name__)


@transaction.atomic
def ask_move(*, step: str, by: User, now: datetime) -> TrainingPlace:
    """Send the clock of the place forward; a worker then lives through what fell due on the way.

    Raises TrainingOnly where there is no place, PlaceBusy while it moves, ClockTooFar beyond FURTHEST.
    """
    place = _locked()
    if place.moving_to is not None or progress.rebuilding() is not None:
        raise PlaceBusy("L’horloge avance déjà : attendez qu’elle s’arrête.")
    target = destination(step, now=now)
    if target > selectors.furthest():
        last = long_day(timezone.localtime(selectors.furthest()))
        raise ClockTooFar(f"L’horloge ne va pas au-delà du {last}. Remettez le lieu à son premier jour.")
    place.moving_to, place.failures = target, []
    place.save(update_fields=["moving_to", "failures"])
    record(action="training.clock.moved", target=place, by=by, data={"step": step}, now=now)
    later(TaskName.MOVE_CLOCK)
    return place


def run_move() -> int:
    """Bring the clock where it was asked, hour after hour; returns how many tasks were run.

    Each task falls due at its own hour of the place and is run there and then, with those that it sends. One
    that fails is named on the page and stops nothing. Safe to run twice: a cut move goes on from its hour.
    """
    place = selectors.place()
    if place is None or place.moving_to is None:
        return 0
    clock.follow(place.ahead)
    count = 0
    with _sent_tasks_run_here():
        due = due_tasks(start=clock.now(), end=place.moving_to, schedule=settings.CELERY_BEAT_SCHEDULE)
        for instant, names in due:
            _go_to(instant)
            for name in names:
                _run(name)
                count += 1
    _go_to(place.moving_to, ended=True)
    return count


@transaction.atomic
def _go_to(instant: datetime, *, ended: bool = False) -> None:
    """The clock reaches an instant. Sign-ins keep the time that they had left."""
    place = _locked()
    before = place.ahead
    place.ahead = max(before, instant - clock.real_now())
    if ended:
        place.moving_to = None
    place.save(update_fields=["ahead", "moving_to"])
    Session.objects.update(expire_date=F("expire_date") + (place.ahead - before))
    clock.follow(place.ahead)


def _run(name: str) -> None:
    result = current_app.tasks[name].apply(throw=False)
    if result.failed():
        logger.error("night task %s failed while the clock moved", name)
        _note_failure(name)


@transaction.atomic
def _note_failure(name: str) -> None:
    place = _locked()
    if name not in place.failures:
        place.failures = [*place.failures, name]
        place.save(update_fields=["failures"])


def _locked() -> TrainingPlace:
    place = TrainingPlace.objects.select_for_update(of=("self",)).filter(pk=1).first()
    if place is None:
        raise TrainingOnly("Cette base n’est pas un lieu d’entraînement.")
    return place


@contextmanager
def _sent_tasks_run_here() -> Iterator[None]:
    """What a task sends is run at once in this process: elsewhere it would wait while the days go by."""
    conf = current_app.conf
    before = conf.task_always_eager
    conf.task_always_eager = True
    try:
        yield
    finally:
        conf.task_always_eager = before
