"""bin/demo: the whole portal on this machine under one supervisor.

Starts PostgreSQL, Valkey, web, worker and scheduler; restarts the one that dies; stops them in order.
Standard library only: Django lives in the processes that it starts.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

from cep_portal.local import folder, processes
from cep_portal.local.parts import WORKER_NAME, Part, portal_parts
from cep_portal.local.servers import PostgresServer, Server, ServerError, ValkeyServer
from cep_portal.local.steps import say, step

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULT_DATA = ROOT / ".demo"
TRAINING_DATA = ROOT / ".training"
BINARIES = Path(sys.executable).parent
TRAINING = "training"
WATCH_SECONDS = 0.25
WEB_START_SECONDS = 180
WORKER_START_SECONDS = 120


class Stopped(Exception):
    """Somebody asked the demonstration to end."""


class StopRequest:
    """Remembers a signal until a safe point: raised by the handler, it could keep subprocess's lock."""

    def __init__(self) -> None:
        self.asked = False
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self.hear)

    def hear(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True

    def check(self) -> None:
        if self.asked:
            raise Stopped


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/demo", description="The whole portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="port of the address to open (8000)")
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (.demo, or .training)")
    parser.add_argument("--fresh", action="store_true", help="forget the data of the previous starts")
    parser.add_argument("--scale", choices=["small", "national"], help="size of the fictional data (small)")
    parser.add_argument(
        "--training", action="store_true", help="the training place: an invented region, a clock that moves"
    )
    parser.add_argument("--once", action="store_true", help="start, prove that every part answers, stop")
    options = parser.parse_args(arguments)
    if options.training and options.scale:
        parser.error("--training has a size of its own: leave --scale out")
    options.data_dir = options.data_dir or (TRAINING_DATA if options.training else DEFAULT_DATA)
    return options


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(
                f"Port {port} is reserved to the administrator of this machine. Try: bin/demo --port 8000"
            )
        except (OSError, OverflowError):
            sys.exit(f"Port {port} is already taken by another program. Try: bin/demo --port {port + 1}")


def settle_scale(options: argparse.Namespace, data: Path) -> None:
    """Keep the scale that the folder was built at; refuse another one, which would need to start afresh."""
    built = None if options.fresh else folder.built_scale(data)
    options.scale = TRAINING if options.training else options.scale or built or "small"
    options.training = options.scale == TRAINING  # a folder that holds the place starts as the place
    if built and options.scale != built:
        sys.exit(
            f"{data} holds a {built} demonstration. Add --fresh to forget it, or choose another --data-dir."
        )


class Demonstration:
    """The parts of one demonstration, from first start to last stop."""

    def __init__(self, options: argparse.Namespace, stop_request: StopRequest) -> None:
        self.options = options
        self.stop_request = stop_request
        self.data = options.data_dir.resolve()
        settle_scale(options, self.data)
        self.postgres = PostgresServer(self.data)
        self.valkey = ValkeyServer(self.data)
        self.parts: list[Part] = []
        self.restarts_at: dict[str, float] = {}

    @property
    def servers(self) -> list[Server]:
        return [self.postgres, self.valkey]

    def clear_leftovers(self) -> None:
        """End what a killed supervisor may have left; only safe under the folder's lock."""
        run = self.data / "run"
        ended = processes.end_all_in(run, "python", politely=signal.SIGTERM, seconds=5)
        for server in self.servers:
            server.stop_leftovers()
        if ended:
            say("Ended what a previous demonstration left running.")

    def start(self) -> None:
        if self.options.fresh:
            with step("Forgetting the previous data"):
                for server in self.servers:
                    server.remove_data()
                folder.empty(self.data)
        folder.prepare(self.data)
        with step("PostgreSQL"):
            self.postgres.start()
            self.postgres.ensure_database(folder.DATABASE)
        with step("Valkey"):
            self.valkey.start()
        environment = folder.environment(
            data=self.data,
            port=self.options.port,
            postgres=self.postgres,
            valkey=self.valkey,
            root=ROOT,
            settings="training" if self.options.training else "dev",
        )
        folder.write_environment(self.data, environment)
        if not folder.is_filled(self.data, ROOT):
            self.fill(environment)
            folder.remember_filled(self.data, root=ROOT, scale=self.options.scale)
        self.parts = self.describe_parts(environment)
        web, *others = self.parts
        with step("Web"):
            web.start()
            self._wait_web(web)
        with step("Worker and scheduler"):
            for part in others:
                part.start()

    def describe_parts(self, environment: dict[str, str]) -> list[Part]:
        return portal_parts(
            binaries=BINARIES, data=self.data, environment=environment, port=self.options.port
        )

    def fill(self, environment: dict[str, str]) -> None:
        command = [sys.executable, "-m", "cep_portal.local.prepare", "--scale", self.options.scale]
        command += ["--accounts", str(self.data / "accounts.json")]
        filling = subprocess.Popen(
            command,
            cwd=self.data / "run",
            env=os.environ | environment,
            start_new_session=True,
            preexec_fn=processes.die_with_parent(signal.SIGKILL),  # noqa: PLW1509 -- one prctl call
        )
        try:
            while filling.poll() is None:
                self.stop_request.check()
                time.sleep(0.05)
            if filling.returncode:
                sys.exit("The demonstration could not be prepared: the error is above.")
        finally:
            processes.kill_group(filling.pid, signal.SIGKILL)
            filling.wait()

    def _wait_web(self, web: Part) -> None:
        processes.wait_until(
            lambda: self.stop_request.asked or web.has_ended() or self.answers(),
            seconds=WEB_START_SECONDS,
            pause=0.1,
        )
        self.stop_request.check()
        if web.has_ended() or not self.answers():
            sys.exit(f"The web server did not start. Its log is {web.log}")

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.options.port}/sante/", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def watch(self) -> None:
        """Restart whatever dies, until somebody asks to stop."""
        while True:
            self.stop_request.check()
            for server in self.servers:
                if server.pid is None:
                    self._restart_server(server)
            for part in self.parts:
                if part.has_ended():
                    self._restart_part(part)
            time.sleep(WATCH_SECONDS)

    def _restart_server(self, server: Server) -> None:
        started = time.monotonic()
        try:
            server.start()
        except ServerError as error:
            say(str(error))
            time.sleep(2)
        else:
            say(f"{server.name} had stopped: restarted in {time.monotonic() - started:.1f} s")

    def _restart_part(self, part: Part) -> None:
        now = time.monotonic()
        if part.name not in self.restarts_at:
            pause = part.pause_before_restart()
            self.restarts_at[part.name] = now + pause
            again = f"again in {pause:.0f} s, its log is {part.log}" if pause else "restarted"
            say(f"{part.name} had stopped ({part.process.returncode}): {again}")
        if now >= self.restarts_at[part.name]:
            del self.restarts_at[part.name]
            part.restart()

    def worker_answers(self) -> bool:
        worker = self.parts[1]
        command = [sys.executable, "-m", "celery", "-A", "cep_portal", "inspect", "ping", "--timeout", "5"]
        command += ["--destination", WORKER_NAME]

        def answered() -> bool:
            asked = subprocess.run(
                command, env=os.environ | worker.environment, capture_output=True, check=False
            )
            return asked.returncode == 0

        processes.wait_until(lambda: worker.has_ended() or answered(), seconds=WORKER_START_SECONDS)
        return not worker.has_ended() and answered()

    def stop(self) -> None:
        for part in reversed(self.parts):
            with step(f"Stopping {part.name}"):
                part.stop()
        for server in reversed(self.servers):
            if server.pid is not None:
                with step(f"Stopping {server.name}"):
                    server.stop()

    def announce(self, seconds: float) -> None:
        say(f"\nReady in {seconds:.1f} s:  http://localhost:{self.options.port}\n")
        accounts = json.loads((self.data / "accounts.json").read_text())
        for account in accounts:
            secret = account.get("password") or f"code {account.get('code')}"
            say(f"  {account['role']:<26}  {account['email']:<44}  {secret}")
        say(f"\nData and logs: {self.data}    Stop: Ctrl-C\n")


def run(demonstration: Demonstration, started: float) -> None:
    demonstration.clear_leftovers()
    refuse_taken_port(demonstration.options.port)
    try:
        demonstration.start()
        demonstration.announce(time.monotonic() - started)
        if demonstration.options.once:
            with step("Asking the worker"):
                if not demonstration.worker_answers():
                    sys.exit(f"The worker does not answer. Its log is {demonstration.parts[1].log}")
        else:
            demonstration.watch()
    finally:
        demonstration.stop()


def main(demonstration: type[Demonstration] = Demonstration) -> None:
    started = time.monotonic()
    options = parse(sys.argv[1:])
    data = options.data_dir.resolve()
    try:
        lock = folder.lock(data)
    except folder.FolderInUse as error:
        sys.exit(
            f"A demonstration already runs on {data} (process {error})."
            " Stop it, or choose another --data-dir."
        )
    try:
        with lock, contextlib.suppress(Stopped):
            run(demonstration(options, StopRequest()), started)
    except ServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
