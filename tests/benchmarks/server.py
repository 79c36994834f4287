"""The portal as it is served, and clients that send it POSTs at a given pace."""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from cep_portal.local.parts import SERVING, granian

CLIENTS, PORT = 8, 8971
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Post = tuple[str, str]


@contextmanager
def served() -> Iterator[None]:
    """Two granian workers, as `bin/demo` runs them."""
    command = [sys.executable, *granian(host="127.0.0.1", port=PORT), "--log-level", "error"]
    server = subprocess.Popen(command, env=os.environ | SERVING)
    try:
        _wait_for("/sante/")
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(path: str) -> None:
    for _ in range(600):
        try:
            if _call(http.client.HTTPConnection("127.0.0.1", PORT), "GET", path, "") == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the benched server did not start")


def _call(line: http.client.HTTPConnection, method: str, path: str, body: str) -> int:
    line.request(method, path, body, FORM)
    answer = line.getresponse()
    answer.read()
    return answer.status


def rate(posts: Sequence[Post], *, method: str = "POST") -> float:
    """Answers per second with eight clients, each sending as soon as it was answered."""
    started = time.perf_counter()
    _send([(0.0, post) for post in posts], clients=CLIENTS, method=method)
    return len(posts) / (time.perf_counter() - started)


def rates_in_turn(
    first: Sequence[Post], second: Sequence[Post], *, turns: int
) -> tuple[list[float], list[float]]:
    """Rates of two lists sent a part of each in turn, A B A B…: the machine's mood is the same for both."""
    rates: tuple[list[float], list[float]] = ([], [])
    for turn in range(turns):
        for posts, paces in zip((first, second), rates, strict=True):
            part = posts[turn::turns]
            paces.append(rate(part))
    return rates


def waits_at(posts: Sequence[Post], *, per_second: float) -> list[float]:
    """Seconds from when each POST was due to its answer, sent at a steady pace whatever the answers take."""
    return _send([(n / per_second, post) for n, post in enumerate(posts)], clients=4 * CLIENTS)


def _send(planned: list[tuple[float, Post]], *, clients: int, method: str = "POST") -> list[float]:
    """Every answer must be 200; one that is late because all clients wait is late for its sender too."""
    remaining, failures, waits = iter(planned), [], []
    lock, started = threading.Lock(), time.perf_counter()

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", PORT)
        while True:
            with lock:
                due, post = next(remaining, (0.0, None))
            if post is None:
                return
            time.sleep(max(0.0, due - (time.perf_counter() - started)))
            status = _call(line, method, *post)
            waits.append(time.perf_counter() - started - due)
            if status != 200:
                failures.append(status)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, f"{len(failures)} answers were not 200: {sorted(set(failures))}"
    return waits
