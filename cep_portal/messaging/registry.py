"""Is what a message says still true? Upper apps answer for what they own, in AppConfig.ready()."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Check = Callable[..., bool]
_checks: dict[str, Check] = {}


def register_check(about_kind: str, function: Check) -> None:
    """Ask `function(*, uuid, version, now) -> bool` before sending what is about this kind of thing."""
    if about_kind in _checks:
        raise ValueError(f"check registered twice: {about_kind}")
    _checks[about_kind] = function


def is_checked(about_kind: str) -> bool:
    return about_kind in _checks


def still_true(*, about_kind: str, uuid: UUID, version: int, now: datetime) -> bool:
    """False when the thing has changed since the message was written, or nobody answers for its kind."""
    check = _checks.get(about_kind)
    return check is not None and check(uuid=uuid, version=version, now=now)


Expected = Callable[..., dict[str, int]]
_expected: list[tuple[str, Expected]] = []


def register_expected(kind: str, function: Expected) -> None:
    """Let the morning check ask `function(*, starts, ends) -> {channel: n}`: owed and never written.

    Several subjects may owe the same kind: their counts are added.
    """
    if any(known is function for _, known in _expected):
        raise ValueError(f"expected messages registered twice: {function.__qualname__}")
    _expected.append((kind, function))


def never_written(*, starts: datetime, ends: datetime) -> Counter[tuple[str, str]]:
    """By kind and channel, what should have been written in [starts, ends) and was not."""
    missing: Counter[tuple[str, str]] = Counter()
    for kind, function in _expected:
        for channel, count in function(starts=starts, ends=ends).items():
            missing[kind, channel] += count
    return missing
