"""A server that failed a moment ago is not asked again by each request: it is away for some seconds."""

import time


class Breaker:
    """Of one process and one server; threads may share it."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._away_until = 0.0

    @property
    def is_away(self) -> bool:
        return time.monotonic() < self._away_until

    def trip(self) -> None:
        self._away_until = time.monotonic() + self.seconds
