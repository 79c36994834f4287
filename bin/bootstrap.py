"""Build what a command needs (Python environment, system libraries), then become that command.

Standard library only, and readable by Python 3.8: an old system Python may be all there is.
`.venv` is shared by every command and never loses a package to bin/demo: the demonstration adds the
runtime part of the lock, bin/test and bin/bench make it equal to the whole lock.
"""

from __future__ import annotations

import ctypes.util
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
DEVELOPMENT = "# --- development only ---"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"
UV_REQUIREMENT = "uv>=0.9,<1"
FETCHED_PYTHON = "3.13"
SUPPORTED = ((3, 12), (3, 14))

PDF_LIBRARIES = {  # library, as the loader names it -> Debian package
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "fontconfig",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

COMMANDS = {
    "demo": ("runtime", ["-m", "cep_portal.local.supervisor"]),
    "manage": ("runtime", ["-m", "cep_portal.local.manage"]),
    "test": ("whole", ["bin/checks.py"]),
    "bench": ("whole", ["-m", "tests.benchmarks"]),
}


@contextmanager
def step(label):
    started = time.monotonic()
    print(f"{label:<42}", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr)
        raise
    print(f"{time.monotonic() - started:6.1f} s", file=sys.stderr, flush=True)


@contextmanager
def alone():
    """Two commands started together build the environment once."""
    with (ROOT / ".bootstrap.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(*command):
    """Run quietly; what the command said is shown only when it fails."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"\n{' '.join(words)}\n{done.stdout}{done.stderr}")


def succeeds(*command):
    try:
        return (
            subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False).returncode
            == 0
        )
    except OSError:
        return False


def find_uv():
    """$UV, then PATH, then a private tool environment."""
    private = TOOLS / "bin" / "uv"
    for candidate in (os.environ.get("UV"), shutil.which("uv"), str(private)):
        if candidate and succeeds(candidate, "--version"):
            return candidate
    with step("Fetching uv"):
        run(sys.executable, "-m", "venv", "--clear", TOOLS)
        run(TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", UV_REQUIREMENT)
    return str(private)


def environment_works():
    oldest, newest = SUPPORTED
    check = f"import sys; sys.exit(not {oldest} <= sys.version_info[:2] <= {newest})"
    return succeeds(str(PYTHON), "-c", check)


def make_environment(uv):
    supported = SUPPORTED[0] <= sys.version_info[:2] <= SUPPORTED[1]
    base = getattr(sys, "_base_executable", sys.executable) if supported else FETCHED_PYTHON
    if not supported:
        print(
            "No Python 3.12 to 3.14 here (PORTAL_PYTHON may name one): uv fetches its own.", file=sys.stderr
        )
    with step("Creating the Python environment"):
        run(uv, "venv", "--quiet", "--clear", "--python", base, VENV)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def ensure_packages(level):
    """Install the part of the lock that the command needs; nothing to do when a stamp says so."""
    whole = LOCK.read_text(encoding="utf-8")
    runtime = whole.split(DEVELOPMENT)[0]
    stamps = {
        "runtime": (VENV / ".stamp-runtime", digest(runtime)),
        "whole": (VENV / ".stamp-whole", digest(whole)),
    }
    stamp, wanted = stamps[level]
    works = environment_works()
    if works and stamp.exists() and stamp.read_text() == wanted:
        return
    uv = find_uv()
    if not works:
        make_environment(uv)
    install_from = ["--quiet", "--python", str(PYTHON), "--require-hashes"]
    with step("Installing Python packages"):
        if level == "whole":
            run(uv, "pip", "sync", *install_from, LOCK)
        else:
            part = VENV / "runtime.lock"
            part.write_text(runtime, encoding="utf-8")
            run(uv, "pip", "install", *install_from, "-r", part)
    stamps["whole"][0].unlink(missing_ok=True)
    for path, value in [stamps["runtime"]] + ([stamps["whole"]] if level == "whole" else []):
        path.write_text(value)


def missing_system_packages(level):
    missing = [package for library, package in PDF_LIBRARIES.items() if not ctypes.util.find_library(library)]
    if not any(Path("/usr/share/fonts").rglob("DejaVuSans.ttf")):
        missing.append("fonts-dejavu-core")
    if level == "whole" and not any(map(shutil.which, BROWSERS)):
        missing.append("chromium")
    return missing


def ensure_system_libraries(level):
    """Install what the PDF (and the browser tests) need, when we may; else say the one line to type."""
    if sys.platform == "darwin":
        if not ctypes.util.find_library("pango-1.0"):
            sys.exit("Please type: brew install pango")
        return
    missing = missing_system_packages(level)
    if not missing:
        return
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    line = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if not shutil.which("apt-get") or (may and not succeeds(*may, "true")):
        sys.exit(f"System libraries are missing. Please type: sudo {' '.join(line)}")
    with step("Installing system libraries"):
        quiet = [*may, "env", "DEBIAN_FRONTEND=noninteractive"]
        if not succeeds(*quiet, *line):
            run(*quiet, "apt-get", "update")
            run(*quiet, *line)


def main():
    name, *arguments = sys.argv[1:]
    level, command = COMMANDS[name]
    with alone():
        ensure_packages(level)
    ensure_system_libraries(level)
    os.chdir(str(ROOT))
    os.execv(str(PYTHON), [str(PYTHON), *command, *arguments])  # noqa: S606 -- becomes the command


if __name__ == "__main__":
    main()
