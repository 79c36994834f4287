import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cep_portal.common.errors import DomainError

THREADS = 30
ADVISER_DAY = "pg_advisory_xact_lock(adviser, day)"
# A row locked or written before: the transaction holds its table in one of these modes. To ask again for
# days already held waits for nobody.
ROWS_BEFORE_DAYS = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND relation = 'operators_appointment'::regclass
        AND mode IN ('RowShareLock', 'RowExclusiveLock')
    ) AND EXISTS (
        SELECT FROM unnest(%s::int[], %s::int[]) AS pair (adviser, day)
        WHERE NOT EXISTS (
            SELECT FROM pg_locks
            WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted
            AND classid::int = adviser AND objid::int = day
        )
    )
"""


class LockOrderBroken(AssertionError):
    """An adviser's day was asked for with an appointment row in hand: two such acts wait in a circle."""


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
        with connection.execute_wrapper(_days_before_rows):
            act()
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


def _days_before_rows(execute, sql, params, many, context):
    """The order of locks (ADR 0010), seen at each try and not only when two acts happen to cross."""
    if ADVISER_DAY in str(sql):
        with context["connection"].connection.cursor() as cursor:
            (broken,) = cursor.execute(ROWS_BEFORE_DAYS, params[-2:]).fetchone()
        if broken:
            raise LockOrderBroken(sql)
    return execute(sql, params, many, context)


def _close_connections(pool) -> None:
    gate = threading.Barrier(THREADS)

    def close(_):
        gate.wait(timeout=30)
        connection.close()

    list(pool.map(close, range(THREADS)))
