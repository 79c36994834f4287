"""pytest plugin: rows read without an order come in an order drawn from a seed that can be replayed.

Each test draws from the seed and its own name: the same order alone, in the whole suite, in any worker.
`--seed N` or PORTAL_TEST_SEED=N replays; the seed of a run is its first line.
"""

import os
import random
from unittest import mock

import pytest
from django.db.models.query import QuerySet

SEED = "PORTAL_TEST_SEED"  # xdist workers read the controller's
_rng = random.Random()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", help=f"replay the shuffle of a run ({SEED})")


def pytest_configure(config: pytest.Config) -> None:
    asked = config.getoption("seed") or os.environ.get(SEED)
    os.environ[SEED] = asked or str(random.SystemRandom().randrange(10**6))


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say the seed even in a quiet run, whose header pytest leaves out."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and not hasattr(session.config, "workerinput"):
        reporter.write_line(f"unordered rows are shuffled: {SEED}={os.environ[SEED]} replays this run")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    begin(os.environ[SEED], item.nodeid)


def begin(seed: str, test: str) -> None:
    """Draw from now on what this test draws with this seed."""
    _rng.seed(f"{seed} {test}")


@pytest.fixture(autouse=True, scope="session")
def _shuffle_unordered_querysets():
    """An order nobody asked for is no order: code that relies on it fails one day in two."""
    fetch = QuerySet._fetch_all

    def shuffled(self):
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered and not self.query.is_sliced and len(self._result_cache) > 1:
            _rng.shuffle(self._result_cache)

    with mock.patch.object(QuerySet, "_fetch_all", shuffled):
        yield
