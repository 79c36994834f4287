"""The steps of bin/test, in order, each with its time; the first that fails ends the run and is named."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(sys.executable).parent
PYTHON = sys.executable
NOT_FAST = "not slow and not race and not browser and not journey"


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BINARIES / name), *arguments]


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def steps(*, fast: bool, pytest_arguments: list[str]) -> list[tuple[str, list[str]]]:
    chosen = ["-m", NOT_FAST] if fast and "-m" not in pytest_arguments else []
    return [
        ("lock", [PYTHON, "bin/lock", "--check"]),
        ("format", tool("ruff", "format", "--check", "--quiet", ".")),
        ("lint", tool("ruff", "check", "--quiet", ".")),
        ("templates", tool("djade", "--check", *templates())),
        ("types", tool("mypy")),
        ("imports", tool("lint-imports")),
        ("tests", [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *chosen, *pytest_arguments]),
    ]


def run_step(name: str, command: list[str]) -> float:
    """Run one step; quiet when it passes, except pytest, whose own lines are the report."""
    shown = name == "tests"
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=not shown,
        text=True,
        check=False,
    )
    spent = time.monotonic() - started
    if done.returncode:
        if not shown:
            print(done.stdout + done.stderr)
        sys.exit(f"bin/test: FAILED at '{name}' after {spent:.1f} s: {' '.join(command[:6])}")
    if not shown:
        print(f"{name:<12} ok {spent:6.1f} s", flush=True)
    return spent


def main() -> None:
    arguments = sys.argv[1:]
    fast = "--fast" in arguments
    pytest_arguments = [argument for argument in arguments if argument != "--fast"]
    total = sum(run_step(*each) for each in steps(fast=fast, pytest_arguments=pytest_arguments))
    print(f"bin/test: all steps passed in {total:.0f} s")


if __name__ == "__main__":
    main()
