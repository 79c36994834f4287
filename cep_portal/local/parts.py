"""The portal's own processes (web, worker, beat): start, watch, restart, stop. Standard library only."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from cep_portal.local import processes

LONGEST_PAUSE = 30.0
STEADY_AFTER = 10.0  # seconds a part must live for its next restart to be immediate
WORKER_NAME = "worker@mon-cep"
LOG_LIMIT = 10 * 1024 * 1024

SERVING = {"PORTAL_SERVING": "1"}


@dataclass
class Part:
    """One process group working in `folder`; that folder is how leftovers of a crash are recognised."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: Path
    log: Path
    politely: signal.Signals = signal.SIGTERM
    # What the kernel sends when the supervisor is killed: there is nobody left to wait for a slow end.
    on_orphaned: signal.Signals = signal.SIGTERM
    process: subprocess.Popen | None = None
    started: float = 0.0
    failures: int = field(default=0)

    def start(self) -> None:
        _rotate(self.log)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.die_with_parent(self.on_orphaned),  # noqa: PLW1509 -- one prctl call
            )
        self.started = time.monotonic()

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def restart(self) -> None:
        """Take away what the dead leader left of its group, then start again."""
        processes.kill_group(self.process.pid, signal.SIGKILL)
        self.start()

    def pause_before_restart(self) -> float:
        """Seconds to wait: none for a part that was steady, then 1, 2, 4… for one that dies at once."""
        steady = time.monotonic() - self.started > STEADY_AFTER
        self.failures = 0 if steady else self.failures + 1
        return min(2.0 ** (self.failures - 1), LONGEST_PAUSE) if self.failures > 1 else 0.0

    def stop(self, seconds: float = 15) -> None:
        if self.process:
            processes.stop_child(self.process, politely=self.politely, seconds=seconds)
            self.process = None


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".previous.log"))


def granian(*, host: str, port: int) -> list[str]:
    """Python's arguments for the web server, the same as in the Dockerfile (docs/adr/0055).

    HTTP/1 alone: granian reads the first bytes of « auto » without a time limit.
    """
    command = ["-m", "granian", "--interface", "rsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--http", "1", "--no-ws", "--backlog", "2048", "--backpressure", "2048"]
    command += ["--http1-header-read-timeout", "30000", "--http1-buffer-size", "65536"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "5"]
    return [*command, "cep_portal.serving.application:application"]


def portal_parts(*, binaries: Path, data: Path, environment: dict[str, str], port: int) -> list[Part]:
    """Describe the three processes of the portal, in starting order."""
    folder, logs = data / "run", data / "logs"
    python = str(binaries / "python")
    web = [python, *granian(host="127.0.0.1", port=port)]
    celery = [python, "-m", "celery", "-A", "cep_portal"]
    worker = [*celery, "worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
    worker += [
        "--hostname",
        WORKER_NAME,
        "--without-gossip",
        "--without-mingle",
        "--max-memory-per-child",
        "200000",
    ]
    beat = [*celery, "beat", "--loglevel", "INFO", "--pidfile=", "--schedule", str(data / "beat")]
    return [
        Part("web", web, environment | SERVING, folder, logs / "web.log"),
        Part("worker", worker, environment, folder, logs / "worker.log", on_orphaned=signal.SIGQUIT),
        Part("beat", beat, environment, folder, logs / "beat.log"),
    ]
