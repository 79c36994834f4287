"""What upper subjects add to the page of integrations, in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cep_portal.accounts.models import User


@dataclass(frozen=True)
class Section:
    """A part of the page: `data` is what its template reads; it brings its own heading."""

    template: str
    data: dict


_sections: list[tuple[int, str, Callable]] = []


def register_section(function: Callable, *, template: str, order: int = 50) -> None:
    """Add `function(*, user, now) -> dict` below the software that is authorised; two queries at most."""
    if any(known is function for *_, known in _sections):
        raise ValueError(f"registered twice: {function.__qualname__}")
    _sections.append((order, template, function))


def sections(*, user: User, now: datetime) -> list[Section]:
    ordered = sorted(_sections, key=lambda one: one[0])
    return [Section(template, function(user=user, now=now)) for _, template, function in ordered]
