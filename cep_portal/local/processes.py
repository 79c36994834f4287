"""Children that never outlive us: death signal, process groups, leftovers. Standard library only."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None) if LINUX else None


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Hook for the child, between fork and exec: the kernel signals it when our main thread dies."""
    if _libc is None:
        return None
    parent = os.getpid()

    def arm() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died before the hook was armed
            os.kill(os.getpid(), signal.SIGKILL)

    return arm


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def working_in(folder: Path, program: str) -> list[int]:
    """Processes of a program whose current folder is this one: how survivors of a crash are found."""
    if not LINUX:
        completed_process = subprocess.run(
            ["/usr/sbin/lsof", "-t", "-a", "-d", "cwd", "-c", program, str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in completed_process.stdout.split()]
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _works_in(entry, folder, program)]


def _works_in(process: Path, folder: Path, program: str) -> bool:
    try:
        return (process / "cwd").readlink() == folder and (process / "exe").readlink().name.startswith(
            program
        )
    except OSError:
        return False


def end_all_in(folder: Path, program: str, *, politely: signal.Signals, seconds: float) -> bool:
    """End the survivors working in a folder, by force after some seconds; False when there was none."""
    if not (left := working_in(folder, program)):
        return False
    kill_each(left, politely)
    if not wait_until(lambda: not working_in(folder, program), seconds=seconds):
        kill_each(working_in(folder, program), signal.SIGKILL)
        wait_until(lambda: not working_in(folder, program), seconds=5)
    return True


def kill_group(group: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, sent)


def kill_each(pids: Iterable[int], sent: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, sent)


def stop_child(child: subprocess.Popen, *, politely: signal.Signals, seconds: float) -> None:
    """Ask a child to stop, then take its whole group away."""
    if child.poll() is None:
        child.send_signal(politely)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    kill_group(child.pid, signal.SIGKILL)
    child.wait()
