"""The clock of the training place: the machine's, plus what people moved it forward by.

The portal reads one clock, `django.utils.timezone.now`, in its views, tasks and commands: it is the one
function replaced here, by the settings of the place alone. How far it is ahead is a row of the database, read
once a request and once a task, so that web and workers agree and that an answer is given at one instant.

Not moved: what counts real seconds (limits on forms, sign-in codes, tokens of software, Celery's schedule)
and PostgreSQL's now(), which only the wall around the journal reads.
"""

import threading
from datetime import datetime, timedelta

from celery.signals import task_prerun
from django.db import DatabaseError, transaction
from django.utils import timezone

from cep_portal.training.models import TrainingPlace

real_now = timezone.now
STANDING = timedelta()


class _Ahead(threading.local):
    value: timedelta | None = None


_ahead = _Ahead()


def now() -> datetime:
    """The instant of the place, for whoever asks Django for the time."""
    return real_now() + ahead()


def ahead() -> timedelta:
    """How far the place is ahead of the machine, as this thread last read it."""
    if _ahead.value is None:
        refresh()
    return _ahead.value or STANDING


def follow(value: timedelta) -> None:
    """Take the place's advance as known: it was just written by this thread."""
    _ahead.value = value


def refresh(**_signal: object) -> bool:
    """Read the advance again; False where there is no place yet (its tables may be missing too)."""
    _ahead.value = STANDING  # what is read below may ask for the time
    try:
        with transaction.atomic():
            training_place = TrainingPlace.objects.filter(pk=1).values_list("ahead", flat=True).first()
    except DatabaseError:
        return False
    if training_place is not None:
        _ahead.value = training_place
    return training_place is not None


def install() -> None:
    """Make Django tell the time of the place in this process. Safe to call twice."""
    timezone.now = now
    task_prerun.connect(refresh, weak=False, dispatch_uid="training.clock")
