"""The standing test server of the edit loop: the first `--keep` starts it, the next ones find it.

A keeper, in a session of its own, holds PostgreSQL as its child: the kernel ends the server with its
keeper, whatever kills it. The keeper ends by itself when its folder is deleted, when its server dies, or
after a day without a run. One lock for each folder, outside it: never two servers, not even while one
that lost its folder is still ending.

`python -m tests.standing stop` ends it; what the server holds stays in the folder for the next start.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

import psycopg

from cep_portal.local import processes
from cep_portal.local.servers import PostgresServer, ServerError

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".test-server"
START_SECONDS = 60
STOP_SECONDS = 30
IDLE_SECONDS = 24 * 3600
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class StandingServer:
    """The server of one folder, seen from a run (`address`, `stop`) and from its keeper (`keep`)."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder.resolve()
        key = hashlib.sha256(f"{os.geteuid()}:{self.folder}".encode()).hexdigest()[:10]
        self.lock = Path("/tmp") / f"mon-cep-test-{key}.lock"
        self.postgres = PostgresServer(self.folder, durable=False)
        self.keeper_file = self.folder / "keeper"
        self.used_file = self.folder / "used"
        self.boot_file = self.folder / "boot"

    # --- seen from a run

    def address(self) -> str:
        """Return the server's address, started when nobody keeps it; ServerError when it cannot be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.used_file.touch()
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise ServerError(f"The standing test server did not start: see {self._log}.")
            if self.keeper() is None:
                self._start_keeper()
            time.sleep(0.05)
        return self.postgres.url()

    def keeper(self) -> int | None:
        """Process number of the living keeper (0 while it is not written yet), None without one."""
        with self._hold(fcntl.LOCK_SH) or contextlib.nullcontext() as free:
            return None if free else int(self.lock.read_text() or 0)

    def stop(self) -> bool:
        """End the keeper and its server; False when there was none."""
        keeper = self.keeper()
        if keeper:
            processes.kill_each([keeper], signal.SIGTERM)
            if not processes.wait_until(lambda: self.keeper() is None, seconds=STOP_SECONDS):
                raise ServerError(f"The keeper of the standing test server, {keeper}, does not end.")
        self.postgres.stop_leftovers()
        return bool(keeper)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.postgres.url(), connect_timeout=5).close()
            return True
        return False

    @property
    def _log(self) -> Path:
        return self.folder / "keeper.log"

    def _start_keeper(self) -> None:
        with self._log.open("ab") as log:
            subprocess.run(
                [sys.executable, "-m", "tests.standing", "keep", str(self.folder)],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                check=True,
            )

    # --- seen from the keeper

    def keep(self) -> None:
        """Run the server until it is stopped, idle, dead or without its folder."""
        handle = self._hold(fcntl.LOCK_EX)
        if handle is None:
            return
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        stopped = threading.Event()
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, lambda *_: stopped.set())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self._forget_another_boot()
        self.keeper_file.write_text(str(os.getpid()))
        try:
            self._start()
            while not stopped.wait(1) and self.postgres.pid and self._is_home() and not self._is_idle():
                pass
        finally:
            self.postgres.stop()
            if not self._is_home():
                self.postgres.remove_data()

    def _hold(self, kind: int) -> TextIO | None:
        """Take the lock until the handle is closed, shared to look only; None when a keeper has it."""
        handle = os.fdopen(os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600), "r+")
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return None
        return handle

    def _start(self) -> None:
        """Start over what a crash left; begin again from nothing when it cannot be read."""
        self.postgres.log.unlink(missing_ok=True)
        try:
            self.postgres.start()
        except ServerError:
            self.postgres.remove_data()
            self.postgres.start()

    def _forget_another_boot(self) -> None:
        """Without fsync, files written before the machine went down are worth nothing."""
        boot = BOOT_ID.read_text() if BOOT_ID.exists() else ""
        if not self.boot_file.exists() or self.boot_file.read_text() != boot:
            self.postgres.stop_leftovers()
            self.postgres.remove_data()
        self.boot_file.write_text(boot)

    def _is_home(self) -> bool:
        try:
            return self.keeper_file.read_text() == str(os.getpid())
        except OSError:
            return False

    def _is_idle(self) -> bool:
        with contextlib.suppress(OSError):
            return time.time() - self.used_file.stat().st_mtime > IDLE_SECONDS
        return False


def _leave_the_starter() -> None:
    """Go on in a child of nobody, in a session of its own: closing a terminal ends no keeper."""
    if os.fork():
        os._exit(0)
    os.setsid()


def main() -> None:
    verb, *place = sys.argv[1:]
    server = StandingServer(Path(place[0]) if place else FOLDER)
    if verb == "keep":
        _leave_the_starter()
        server.keep()
    elif verb == "stop":
        said = "stopped" if server.stop() else "no standing test server was running"
        sys.stdout.write(f"{said}\n")
    elif verb == "forget":
        server.stop()
        server.postgres.remove_data()
        shutil.rmtree(server.folder, ignore_errors=True)
    else:
        sys.exit("python -m tests.standing stop | forget")


if __name__ == "__main__":
    main()
