"""What messaging asks of upper subjects: is a message still true, which ones were never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cep_portal.common.hooks import Hook


@dataclass(frozen=True)
class Told:
    """The thing that a message speaks of, as it was when the message was written."""

    uuid: UUID
    version: int
    now: datetime


@dataclass(frozen=True)
class Check:
    """Whether what is told of this kind of thing is still true, asked just before sending."""

    about_kind: str
    is_true: Callable[[Told], bool]


@dataclass(frozen=True)
class Window:
    """[starts, ends), as the morning check counts."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Owed:
    """By channel, how many messages of a kind were owed in a window and never written."""

    kind: str
    count: Callable[[Window], dict[str, int]]


CHECKS = Hook[Check](
    "whether a message is still true", same=lambda new, known: new.about_kind == known.about_kind
)
OWED = Hook[Owed]("messages owed and never written")  # several subjects may owe the same kind


def is_checked(about_kind: str) -> bool:
    return any(check.about_kind == about_kind for check in CHECKS)


def still_true(*, about_kind: str, uuid: UUID, version: int, now: datetime) -> bool:
    """False when the thing has changed since the message was written, or nobody answers for its kind."""
    told = Told(uuid, version, now)
    return any(check.is_true(told) for check in CHECKS if check.about_kind == about_kind)


def never_written(*, starts: datetime, ends: datetime) -> Counter[tuple[str, str]]:
    """By kind and channel, what should have been written in [starts, ends) and was not."""
    missing: Counter[tuple[str, str]] = Counter()
    for owed in OWED:
        for channel, count in owed.count(Window(starts, ends)).items():
            missing[owed.kind, channel] += count
    return missing
