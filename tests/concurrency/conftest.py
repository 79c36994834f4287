import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cep_portal.common.errors import DomainError

THREADS = 30


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
        act()
    except DomainError as refusal:
        return type(refusal).__name__
    return "done"


def _close_connections(pool) -> None:
    gate = threading.Barrier(THREADS)

    def close(_):
        gate.wait(timeout=30)
        connection.close()

    list(pool.map(close, range(THREADS)))
