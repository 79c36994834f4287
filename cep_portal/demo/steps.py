"""How the launcher speaks: one line a step, with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

LABEL_WIDTH = 42


@contextmanager
def step(label: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"{label:<{LABEL_WIDTH}}", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - started:6.1f} s", file=sys.stderr, flush=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
