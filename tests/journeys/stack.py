"""The real portal for a journey: web server, Celery worker, Valkey, and the PostgreSQL of the run."""

import os
import shutil
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from celery import Celery
from django.core.management import call_command
from django.db import connection

from cep_portal.local import processes
from cep_portal.local.parts import portal_parts
from cep_portal.local.servers import ValkeyServer
from tests.clock import clock_of_children, date_by_this_clock


@dataclass(frozen=True)
class Stack:
    """A running portal: its address, and its queue for what beat would send."""

    address: str
    broker: str
    folder: Path

    def run_task(self, name: str, **arguments) -> None:
        """Send a periodic task to the real worker, as beat does."""
        with Celery(broker=self.broker, set_as_current=False) as beat:
            beat.send_task(name, kwargs=arguments)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/sante/", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running(settings) -> Iterator[Stack]:
    """Start web and worker on the test's database, and stop them whatever happens."""
    folder, port = Path(tempfile.mkdtemp(prefix="portal-journey-")), free_port()
    address = f"http://localhost:{port}"
    broker = ValkeyServer(folder, durable=False).start()
    (folder / "run").mkdir()
    (folder / "logs").mkdir()
    name = connection.settings_dict["NAME"]
    environment = {
        "DJANGO_SETTINGS_MODULE": "cep_portal.settings.dev",
        "PORTAL_SECRET_KEY": settings.SECRET_KEY,  # sessions and signed links made by the test are good
        "PORTAL_NOTE_KEYS": settings.PORTAL_NOTE_KEYS,
        "PORTAL_DATABASE_URL": os.environ["PORTAL_DATABASE_URL"].replace("/portal?", f"/{name}?"),
        "PORTAL_BROKER_URL": broker.broker_url,
        "PORTAL_CACHE_URL": broker.cache_url,
        "PORTAL_BASE_URL": address,
        "PORTAL_DATA_DIR": settings.PORTAL_DATA_DIR,
        "PORTAL_STATIC_ROOT": str(folder / "static"),
    } | clock_of_children()
    date_by_this_clock(environment["PORTAL_DATABASE_URL"], name)
    settings.STATIC_ROOT = folder / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    web, worker, _beat = portal_parts(
        binaries=Path(sys.executable).parent, data=folder, environment=environment, port=port
    )
    try:
        for part in (web, worker):
            part.start()
        assert processes.wait_until(lambda: answers(address), seconds=60), web.log.read_text()[-3000:]
        yield Stack(address, broker.broker_url, folder)
    finally:
        for part in (worker, web):
            part.stop()
        broker.stop()
        shutil.rmtree(folder, ignore_errors=True)
