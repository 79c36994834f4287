import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cep_portal.common.errors import DomainError

THREADS = 30
ADVISER_DAY = re.compile(r"pg_advisory_xact_lock(_shared)?\(adviser, day\)")
# Below zero, the lock of the bookings of a day, else that of its times. To ask again for one already held
# waits for nobody. A row locked or written before: its table is held in one of these modes.
OUT_OF_ORDER = """
    WITH held AS (
        SELECT classid::int AS adviser, objid::int AS day FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND objsubid = 2 AND granted
    ), new AS (
        SELECT adviser, day FROM unnest(%s::int[], %s::int[]) AS pair (adviser, day)
        EXCEPT SELECT adviser, day FROM held
    )
    SELECT EXISTS (SELECT FROM new) AND EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'operators_appointment'::regclass
        AND mode IN ('RowShareLock', 'RowExclusiveLock')
    ) OR EXISTS (SELECT FROM new WHERE adviser > 0) AND EXISTS (SELECT FROM held WHERE adviser < 0)
"""


class LockOrderBroken(AssertionError):
    """A day was asked for with a row in hand, or its times after bookings: such acts wait in a circle."""


@pytest.fixture
def race():
    """`race(*acts)` runs each act in a thread of its own, with its own connection, at the same instant.

    Returns how many acts gave each outcome: the name of the refusal, or "done". The threads live as long
    as the test, so two hundred rounds open a few connections, not four thousand.
    """
    with ThreadPoolExecutor(max_workers=THREADS) as pool:

        def run(*acts) -> Counter:
            gate = threading.Barrier(len(acts))
            return Counter(pool.map(lambda act: _outcome(act, gate), acts))

        yield run
        _close_connections(pool)


def _outcome(act, gate) -> str:
    gate.wait(timeout=30)
    try:
        with connection.execute_wrapper(_locks_in_order):
            act()
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


def _locks_in_order(execute, sql, params, many, context):
    """The order of locks (ADR 0010), seen at each try and not only when two acts happen to cross."""
    if ADVISER_DAY.search(str(sql)):
        with context["connection"].connection.cursor() as cursor:
            (broken,) = cursor.execute(OUT_OF_ORDER, params[-2:]).fetchone()
        if broken:
            raise LockOrderBroken(sql)
    return execute(sql, params, many, context)


def _close_connections(pool) -> None:
    gate = threading.Barrier(THREADS)

    def close(_):
        gate.wait(timeout=30)
        connection.close()

    list(pool.map(close, range(THREADS)))
