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


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (OSError, IndexError):
        return False


def wait_until(condition: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def working_in(folder: Path) -> list[int]:
    """Processes whose current folder is this one: how a PostgreSQL without its postmaster is found."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
    return found


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
