"""Play every mutant on the real database; fail when fewer than nine in ten are refused by their tests.

    python -m tests.mutants               all, two at a time, each in a copy of the tree
    python -m tests.mutants --only NAME   some
    python -m tests.mutants --check       only: can every mutant still be applied?

The tests of the chosen mutants run first without any: a test that fails by itself refuses nothing.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from cep_portal.local.servers import PostgresServer
from tests.mutants.catalogue import ROOT, Mutant, complaints_about, read_mutants
from tests.mutants.trees import Tree, copy_tree
from tests.standing import StandingServer

TOGETHER = 2
LEAST_KILLED = 0.9
PATIENCE = 600  # seconds for the tests of one mutant; who hangs is not refused
KILLED, SURVIVED, TIMED_OUT, BROKEN = "killed", "SURVIVED", "TIMED OUT", "BROKEN"
UNUSED = ("-p", "no:cacheprovider", "-p", "no:schemathesis")  # a second less at each start
VERDICTS = {0: SURVIVED, 1: KILLED}  # pytest's exit codes; any other says that nothing was proved


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextmanager
def server(*, keep: bool) -> Iterator[str]:
    """Address of the server given by who runs us, of the standing one, or of one for this run."""
    if given := os.environ.get("PORTAL_TEST_SERVER"):
        yield given
    elif keep:
        yield StandingServer().address()
    else:
        with TemporaryDirectory(prefix="portal-pg-") as folder:
            postgres = PostgresServer(folder, durable=False)
            try:
                yield postgres.start().url()
            finally:
                postgres.stop()
                postgres.remove_data()


def run_tests(tree: Tree, address: str, *words: str, seconds: float | None = None) -> tuple[str, str]:
    """Run pytest in a copy; return the verdict and what pytest said."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-x", "--tb=line", *UNUSED, *words]
    try:
        done = subprocess.run(
            command,
            cwd=tree.root,
            env=inherited | {"PORTAL_TEST_SERVER": address},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return TIMED_OUT, ""
    return VERDICTS.get(done.returncode, BROKEN), done.stdout + done.stderr


def check_without_mutant(mutants: list[Mutant], tree: Tree, address: str) -> None:
    """End the run when a test that should refuse a mutant is red without it."""
    files = sorted(
        {word.partition("::")[0] for each in mutants for word in each.tests if word[:6] == "tests/"}
    )
    started = time.monotonic()
    verdict, said = run_tests(tree, address, "-n", str(TOGETHER), "--dist", "loadfile", *files)
    if verdict != SURVIVED:
        sys.exit(f"mutants: their tests do not pass without them\n{said[-6000:]}")
    say(f"without a mutant: {len(files)} files of tests pass in {time.monotonic() - started:.0f} s")


def play(mutant: Mutant, trees: "SimpleQueue[Tree]", address: str) -> str:
    """Run the mutant's tests on a free copy that holds it; return the verdict."""
    tree, started = trees.get(), time.monotonic()
    try:
        with tree.holding(mutant):
            verdict, said = run_tests(tree, address, "-n", "0", *mutant.tests, seconds=PATIENCE)
    finally:
        trees.put(tree)
    say(f"{verdict:<9} {time.monotonic() - started:5.0f} s  {mutant.area}/{mutant.name}")
    if verdict != KILLED:
        say(f"    {mutant.plays}\n    {mutant.file}: {mutant.was.strip()[:90]!r}")
    if verdict == BROKEN:
        say(said[-3000:])
    return verdict


def play_all(mutants: list[Mutant], *, keep: bool) -> list[str]:
    """Return each verdict, in the order of the list."""
    with TemporaryDirectory(prefix="portal-mutants-") as folder, server(keep=keep) as address:
        copies = [copy_tree(ROOT, Path(folder) / str(number)) for number in range(TOGETHER)]
        check_without_mutant(mutants, copies[0], address)
        trees: SimpleQueue[Tree] = SimpleQueue()
        for copy in copies:
            trees.put(copy)
        with ThreadPoolExecutor(TOGETHER) as pool:
            return list(pool.map(lambda mutant: play(mutant, trees, address), mutants))


def chosen(mutants: list[Mutant], only: list[str]) -> list[Mutant]:
    """Keep those named, by name or area; all of them when none is."""
    if unknown := set(only) - {mutant.name for mutant in mutants} - {mutant.area for mutant in mutants}:
        sys.exit(f"mutants: no mutant nor area is called {', '.join(sorted(unknown))}")
    return [mutant for mutant in mutants if not only or {mutant.name, mutant.area} & {*only}]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="a mutant or an area")
    parser.add_argument("--check", action="store_true", help="only check that each can be applied")
    parser.add_argument("--keep", action="store_true", help="use the standing test server")
    options = parser.parse_args()
    mutants = read_mutants()
    if faults := complaints_about(mutants):
        sys.exit("\n".join(["mutants: the list has rotted", *faults]))
    if options.check:
        return say(f"{len(mutants)} mutants can be applied")
    played = chosen(mutants, options.only)
    verdicts = play_all(played, keep=options.keep)
    killed = verdicts.count(KILLED)
    say(f"{killed} of {len(played)} mutants killed ({100 * killed / len(played):.0f} %)")
    sys.exit(killed < LEAST_KILLED * len(played) or BROKEN in verdicts)


if __name__ == "__main__":
    main()
