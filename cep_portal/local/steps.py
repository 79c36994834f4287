"""How the launcher speaks: one line a step, with its time."""

import contextlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

LABEL_WIDTH = 42


def say(text: str, *, end: str = "\n") -> None:
    # A closed terminal must not keep the parts from being stopped in order.
    with contextlib.suppress(OSError):
        print(text, end=end, file=sys.stderr, flush=True)


@contextmanager
def step(label: str) -> Iterator[None]:
    started = time.monotonic()
    say(f"{label:<{LABEL_WIDTH}}", end="")
    try:
        yield
    except BaseException:
        say("stopped")
        raise
    say(f"{time.monotonic() - started:6.1f} s")
