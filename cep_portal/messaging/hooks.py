"""What messaging asks of upper subjects: words of the news, are they still true, which were never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cep_portal.common.hooks import Hook


@dataclass(frozen=True)
class About:
    """What must still be true when the message is sent; `kind` has a Check."""

    kind: str
    uuid: UUID
    version: int = 0


@dataclass(frozen=True)
class News:
    """What happened: a name that a composer answers to, and the uuid of the row that it happened to.

    `facts`, plain JSON, hold only what may have changed when the words are written and that the message
    must say as it was: the rest is read in the row then. No name, no address, no text goes there.
    """

    name: str
    uuid: UUID
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Letter:
    """News on their way to somebody: what a composer is given.

    `version` is that of the thing at the act (About), `written_at` the instant of the act, `now` that of
    the sending: a limit that passed in between is not offered any more.
    """

    news: News
    version: int
    channel: str
    recipient: str
    written_at: datetime
    now: datetime


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    text: str


@dataclass(frozen=True)
class Words:
    """What is said: a body alone by SMS; a subject, a body and maybe a file by e-mail."""

    body: str
    subject: str = ""
    attachment: Attachment | None = None


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


@dataclass(frozen=True)
class Composer:
    """The words of one kind of news, asked by the worker; None when what they speak of is gone."""

    news: str
    write: Callable[[Letter], Words | None]


COMPOSERS = Hook[Composer]("words of the news", same=lambda new, known: new.news == known.news)
CHECKS = Hook[Check](
    "whether a message is still true", same=lambda new, known: new.about_kind == known.about_kind
)
OWED = Hook[Owed]("messages owed and never written")  # several subjects may owe the same kind


def is_composed(news: str) -> bool:
    return any(composer.news == news for composer in COMPOSERS)


def written(letter: Letter) -> Words | None:
    """The words of a letter. LookupError when nobody writes such news."""
    for composer in COMPOSERS:
        if composer.news == letter.news.name:
            return composer.write(letter)
    raise LookupError(letter.news.name)


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
