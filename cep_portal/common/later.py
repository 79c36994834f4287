"""Work for a worker, asked by a written act: by name, so that no service knows a task."""

from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from cep_portal.common.breaker import Breaker
from cep_portal.common.task_names import TaskName

# A connection that the broker closed meanwhile; beyond, the schedule is there and nobody waits.
# A broker that hangs costs one page its wait, not every page of the next seconds.
_broker = Breaker(seconds=5)
ONE_RETRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}


class BrokerAway(Exception):
    """Logged by Django after the commit; nothing of the act is undone."""


def later(name: TaskName, **arguments: int | str) -> None:
    """Run a task once the present transaction is committed, at once where there is none, never if undone.

    A broker that is away is logged and refuses nothing: the act stays written, the page answers, the other
    callbacks of the commit run, and RESUMED_BY says which task of the schedule takes up what was lost.
    Arguments are keys, not objects. Where tasks run in place (tests, nights of the training place), nothing
    that a task raises is hidden.
    """
    transaction.on_commit(partial(_send, name, arguments), robust=not current_app.conf.task_always_eager)


def _send(name: TaskName, arguments: dict[str, int | str]) -> None:
    if current_app.conf.task_always_eager:
        if name not in current_app.tasks:
            current_app.autodiscover_tasks(force=True)
        current_app.tasks[name].apply(kwargs=arguments)
        return
    if _broker.is_away:
        raise BrokerAway(f"{name} is left to the schedule: the broker did not answer a moment ago")
    try:
        current_app.send_task(str(name), kwargs=arguments, retry_policy=ONE_RETRY)
    except (OperationalError, RedisError, OSError):
        _broker.trip()
        raise
