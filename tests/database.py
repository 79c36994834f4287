"""pytest plugin: one PostgreSQL a run (`--keep`: the standing one), one copy of the template a worker.

Loaded by `-p` in pyproject.toml, before pytest-django reads the settings. The fixture is named in
tests/conftest.py: pytest-django's own would win over a plugin's.
"""

import os
import tempfile
import time
from pathlib import Path

import pytest

# Before cep_portal is imported: Celery looks for it once, when its application is made.
os.environ["DJANGO_SETTINGS_MODULE"] = "cep_portal.settings.test"

from cep_portal.local.servers import PostgresServer
from tests import template
from tests.standing import StandingServer

SERVER = "PORTAL_TEST_SERVER"  # a server given by who starts the run, or the one we started; workers read it
RUN = "PORTAL_TEST_RUN"
COPY_SECONDS = "database_copy_seconds"  # what a worker tells the controller
_state: dict = {"server": None, "line": None, "seconds": 0.0, "copies": []}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep", action="store_true", help="use the standing test server and leave it running")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before pytest-django reads the settings; xdist workers inherit the controller's address."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    started = time.monotonic()
    if SERVER not in os.environ:
        os.environ[SERVER] = _standing() if early_config.known_args_namespace.keep else _throwaway()
    line = _state["line"] = template.begin_run(os.environ[SERVER])
    os.environ[RUN] = str(template.run_number(line))
    os.environ["PORTAL_DATABASE_URL"] = os.environ[SERVER].replace("/postgres?", "/portal?")
    _state["seconds"] = time.monotonic() - started


def _standing() -> str:
    return StandingServer().address()


def _throwaway() -> str:
    server = _state["server"] = PostgresServer(Path(tempfile.mkdtemp(prefix="portal-pg-")), durable=False)
    return server.start().url()


def pytest_unconfigure() -> None:
    if line := _state["line"]:
        template.end_run(line)
    if server := _state["server"]:
        server.stop()
        server.remove_data()


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """Give this process a copy of the migrated template; nothing is migrated here."""
    from django.db import connection

    started = time.monotonic()
    server = os.environ[SERVER]
    name = f"portal_{os.environ[RUN]}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    template.clone(server, template=template.ensure_template(server), name=name)
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = name
        connection.settings_dict.setdefault("TEST", {})["NAME"] = name
    _tell_copy_seconds(request.config, time.monotonic() - started)
    yield
    with django_db_blocker.unblock():
        connection.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what the copy does not keep: rows of migrations brought back after a flush."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        asks = marker is not None and marker.kwargs.get("serialized_rollback")
        if asks or "django_db_serialized_rollback" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid}: serialized_rollback is not kept here, make the rows")


# --- the time of a set-up, shown at the end


def _tell_copy_seconds(config: pytest.Config, seconds: float) -> None:
    if hasattr(config, "workeroutput"):
        config.workeroutput[COPY_SECONDS] = seconds
    else:
        _state["copies"].append(seconds)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error) -> None:
    if seconds := getattr(node, "workeroutput", {}).get(COPY_SECONDS):
        _state["copies"].append(seconds)


def pytest_terminal_summary(terminalreporter) -> None:
    if _state["copies"]:
        terminalreporter.write_line(
            f"database set up in {_state['seconds'] + max(_state['copies']):.1f} s: server"
            f" {_state['seconds']:.2f} s, template and copy {max(_state['copies']):.2f} s"
        )
