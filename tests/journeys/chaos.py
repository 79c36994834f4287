"""A durable portal on servers of its own, whose parts a test may kill by SIGKILL."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from cep_portal.local import processes
from cep_portal.local.parts import Part, portal_parts
from cep_portal.local.servers import PostgresServer, ValkeyServer
from tests.clock import clock_of_children
from tests.journeys.stack import answers, free_port

ROOT = Path(__file__).resolve().parents[2]


class Portal:
    """A durable portal on servers of its own, each part of which may be killed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.postgres = PostgresServer(folder / "server").start()
        self.valkey = ValkeyServer(folder / "server").start()
        for name in ("run", "logs", "files"):
            (folder / name).mkdir()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "tests.journeys.standing_settings",
            "PORTAL_DATABASE_URL": self.postgres.ensure_database("chaos"),
            "PORTAL_BROKER_URL": self.valkey.broker_url,
            "PORTAL_CACHE_URL": self.valkey.cache_url,
            "PORTAL_DATA_DIR": str(folder / "files"),
        } | clock_of_children()
        self.orders = self._build_world()
        self.web, self.worker, self.beat = portal_parts(
            binaries=Path(sys.executable).parent, data=folder, environment=self.environment, port=self.port
        )
        for part in (self.web, self.worker, self.beat):
            part.start()
        ready = processes.wait_until(lambda: answers(f"http://127.0.0.1:{self.port}"), seconds=60)
        assert ready, self.web.log.read_text()[-3000:]

    def _build_world(self) -> list[dict]:
        built = subprocess.run(
            [sys.executable, "-m", "tests.journeys.chaos_world"],
            env=os.environ | self.environment,
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        return json.loads(built.stdout)

    def kill_postgres(self) -> None:
        os.kill(self.postgres.pid, signal.SIGKILL)
        self.postgres.start()

    def kill(self, part: Part) -> None:
        """The whole group at once, as the kernel does when memory runs out; then start again."""
        processes.kill_group(part.process.pid, signal.SIGKILL)
        part.process.wait()
        part.start()

    def sql(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.environment["PORTAL_DATABASE_URL"]) as line:
            return line.execute(statement).fetchall()

    def stop(self) -> None:
        for part in (self.beat, self.worker, self.web):
            part.stop()
        self.valkey.stop()
        self.postgres.stop()
        self.postgres.remove_data()
        self.valkey.remove_data()
