"""The steps of bin/test, in order, each with its time; the first that fails ends the run and is named.

    bin/test                 everything that proves the project
    bin/test --fast          without servers, races and browsers
    bin/test --full          everything, then the long proofs: the mutants, the suite at other presents
    bin/test --keep PATH…    the edit loop: the standing test server, the quick checks, these tests
    bin/test --keep --stop   ends the standing test server

`--keep` goes with any of them, and with `--seed N`, which replays a shuffle; other words are pytest's.
To add a step, add a line to STEPS: its name, its command, when it runs, its environment.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from replays import A_YEAR_AND_MORE, FEW_FOLDERS, REPLAYS

ROOT = Path(__file__).resolve().parent.parent
BINARIES = Path(sys.executable).parent
PYTHON = sys.executable
NOT_FAST = "not slow and not race and not browser and not journey"
NOT_FULL = "not full"  # what bin/test --full adds
FEW_FILES = 10  # below, one process ends before a second one has started

EDIT, FAST, WHOLE, FULL = "edit", "fast", "whole", "full"
ALWAYS = frozenset({EDIT, FAST, WHOLE, FULL})
NOT_EDIT = frozenset({FAST, WHOLE, FULL})
LONG = frozenset({WHOLE, FULL})
ONLY_WHOLE = frozenset({WHOLE})
ONLY_FULL = frozenset({FULL})


@dataclass(frozen=True)
class Step:
    """One command of a run; `shown` when its own lines are its report, quiet while it passes otherwise."""

    name: str
    command: list[str]
    when: frozenset[str] = NOT_EDIT
    environment: dict[str, str] = field(default_factory=dict)
    shown: bool = False


def tool(name: str, *arguments: str) -> list[str]:
    return [str(BINARIES / name), *arguments]


def pytest(*arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]


def templates() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))


def steps(chosen: argparse.Namespace, words: list[str]) -> list[Step]:
    """Every step of every mode, in order."""
    kept = ["--keep"] if chosen.keep else []
    return [
        Step("lock", [PYTHON, "bin/lock", "--check"]),
        Step("format", tool("ruff", "format", "--check", "--quiet", "."), ALWAYS),
        Step("lint", tool("ruff", "check", "--quiet", "."), ALWAYS),
        Step("templates", tool("djade", "--check", *templates()), ALWAYS),
        Step("types", tool("mypy")),
        Step("imports", tool("lint-imports")),
        Step("dead code", [PYTHON, "bin/dead_code.py"]),
        Step("tests", pytest(*kept, *words), ALWAYS, shown=True),
        Step("later", pytest(*kept, "-m", NOT_FAST, *FEW_FOLDERS), ONLY_WHOLE, A_YEAR_AND_MORE, shown=True),
        *(
            Step(name, pytest(*kept, *words), ONLY_FULL, present, shown=True)
            for name, present in REPLAYS.items()
        ),
        Step("mutants", [PYTHON, "-m", "tests.mutants", *kept], ONLY_FULL, shown=True),
    ]


def run_step(step: Step) -> float:
    """Run one step and return its seconds; end the run when it fails."""
    started = time.monotonic()
    if step.shown:
        print(f"{step.name}: {' '.join(f'{key}={value}' for key, value in step.environment.items())}")
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env=os.environ | step.environment,
        stdin=subprocess.DEVNULL,
        capture_output=not step.shown,
        text=True,
        check=False,
    )
    spent = time.monotonic() - started
    if done.returncode:
        if not step.shown:
            print(done.stdout + done.stderr)
        sys.exit(f"bin/test: FAILED at '{step.name}' after {spent:.1f} s: {' '.join(step.command[:6])}")
    print(f"{step.name:<12} ok {spent:6.1f} s", flush=True)
    return spent


def read_arguments(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Split what is ours from what is pytest's."""
    parser = argparse.ArgumentParser(prog="bin/test", description=__doc__, add_help=False, allow_abbrev=False)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--stop", action="store_true")
    return parser.parse_known_args(arguments)


def test_paths(words: list[str]) -> list[Path]:
    return [ROOT / word.partition("::")[0] for word in words if (ROOT / word.partition("::")[0]).exists()]


def mode_of(chosen: argparse.Namespace, words: list[str]) -> str:
    if chosen.keep and test_paths(words):
        return EDIT
    return FULL if chosen.full else FAST if chosen.fast else WHOLE


def pytest_words(chosen: argparse.Namespace, words: list[str]) -> list[str]:
    """Complete pytest words: nothing slow with --fast, nothing long but with --full, one process for few."""
    paths = test_paths(words)
    marks = NOT_FAST if chosen.fast else NOT_FULL if not chosen.full and not paths else ""
    extra = ["-m", marks] if marks and "-m" not in words else []
    files = sum(len(list(path.rglob("test_*.py"))) if path.is_dir() else 1 for path in paths)
    if paths and files <= FEW_FILES:
        extra += ["-n", "0"]
    return [*extra, *words]


def main() -> None:
    chosen, words = read_arguments(sys.argv[1:])
    if chosen.stop:
        sys.exit(subprocess.run([PYTHON, "-m", "tests.standing", "stop"], cwd=ROOT, check=False).returncode)
    mode = mode_of(chosen, words)
    run = [step for step in steps(chosen, pytest_words(chosen, words)) if mode in step.when]
    total = sum(run_step(step) for step in run)
    print(f"bin/test: all steps passed in {total:.0f} s")


if __name__ == "__main__":
    main()
