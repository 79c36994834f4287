"""The whole demonstration: time to the first page, second start, memory at rest and under load."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.benchmarks.road import public_road
from tests.benchmarks.timing import Row

ROOT = Path(__file__).resolve().parents[2]
PORT = 8972


def whole_stack(*, road: bool) -> list[Row]:
    """The demonstration from nothing, then again; with `road`, the public pages as an old phone sees them."""
    data, seen = Path(tempfile.mkdtemp(prefix="portal-bench-")), []
    try:
        first, _ = _run(data, measure=False)
        second, memory = _run(data, measure=True, seen=seen if road else None)
        bare = _imported()
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return [
        *seen,
        Row("empty folder to first page", f"{first:.1f} s", "—", "—", "printed", good=True),
        Row(
            "second start to first page",
            f"{second:.1f} s",
            f"{first:.1f} s (from nothing)",
            f"{second / first:.2f}",
            "≤ 0.3",
            second <= 0.3 * first,
        ),
        Row(
            "memory of the whole stack, after 200 pages",
            f"{memory:.0f} MiB",
            f"{bare:.0f} MiB (the portal imported)",
            f"{memory / bare:.1f}x",
            "≤ 12x",
            memory <= 12 * bare,
        ),
    ]


def _imported() -> float:
    """MiB of one process that has imported the portal and does nothing."""
    program = "import django; django.setup(); print(flush=True); input()"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "cep_portal.settings.dev"}
    idle = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with idle:
        idle.stdout.readline()
        return _memory(idle.pid)


def _run(data: Path, *, measure: bool, seen: list[Row] | None = None) -> tuple[float, float]:
    started = time.perf_counter()
    command = [str(ROOT / "bin" / "demo"), "--port", str(PORT), "--data-dir", str(data)]
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PORTAL_", "DJANGO_"))
    }
    demo = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _first_page(demo)
        spent = time.perf_counter() - started
        if measure:
            for _ in range(200):
                _get("/")
        if seen is not None:
            seen += public_road(f"http://127.0.0.1:{PORT}/")
        return spent, _memory(demo.pid) if measure else 0.0
    finally:
        os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(60)


def _get(path: str) -> None:
    urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=30).read()


def _first_page(demo: subprocess.Popen) -> None:
    while demo.poll() is None:
        try:
            return _get("/")
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("bin/demo ended before its first page")


def _memory(root: int) -> float:
    """Proportional memory of the supervisor and all its descendants, in MiB."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(text.rsplit(")", 1)[1].split()[1])
    family, grown = {root}, True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in family} - family
        family, grown = family | more, bool(more)
    return sum(map(_proportional, family)) / 1024


def _proportional(pid: int) -> int:
    try:
        match = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(match.group(1)) if match else 0
