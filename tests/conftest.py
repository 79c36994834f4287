import socket
import time
from types import SimpleNamespace

import pytest
from celery import Celery
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from cep_portal.common import later, throttle
from cep_portal.common.breaker import Breaker
from tests.database import django_db_setup  # noqa: F401 -- here, it wins over pytest-django's own

LONG = {"journey", "browser", "race", "slow"}
pytest_plugins = ["tests.clock", "tests.strictness"]

# A loaded machine draws slowly: that says nothing of the code.
hypothesis_settings.register_profile(
    "portal", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("portal")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files of servers, races and browsers first: both processes then share the last minutes."""
    long = {item.path for item in items if any(mark.name in LONG for mark in item.iter_markers())}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _empty_cache():
    """Rate limits and cached pages of one test never reach the next."""
    cache.clear()


@pytest.fixture
def throttling(settings, monkeypatch):
    """The limits count, in one window: a minute that turns in the middle of a test starts none anew."""
    settings.PORTAL_THROTTLE = True
    begun = time.time() // 600 * 600
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: begun + 1))


@pytest.fixture
def broker_away(monkeypatch):
    """Tasks are sent, as in production, to a port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    app = Celery("away", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    monkeypatch.setattr(later, "current_app", app)
    monkeypatch.setattr(later, "_broker", Breaker(seconds=5))
