"""The first steps of an operator: upper subjects add theirs in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cep_portal.accounts.models import User


@dataclass(frozen=True)
class Step:
    """Something to do once, done or not as the facts say; `url_name` is where it is done."""

    title: str
    text: str
    is_done: bool
    url_name: str
    is_optional: bool = False


_steps: list[tuple[int, Callable]] = []


def register_step(function: Callable, *, order: int) -> None:
    """Add `function(*, user, now) -> Step`; the lowest order comes first."""
    if any(known is function for _, known in _steps):
        raise ValueError(f"step registered twice: {function.__qualname__}")
    _steps.append((order, function))


def steps_for(*, user: User, now: datetime) -> list[Step]:
    return [function(user=user, now=now) for _, function in sorted(_steps, key=lambda one: one[0])]
