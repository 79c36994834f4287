"""What upper apps know of a person's file; each adds its part in AppConfig.ready()."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import AuditEvent, User


@dataclass(frozen=True)
class Readers:
    """Users expected to read one file: those who follow the person, and those of the same place."""

    own: frozenset[int]
    near: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FileKind:
    """A kind of file that agents open: `target_type` in the journal, a person's files and their readers.

    `reasons` gives, by line of the journal, why who does not follow the person opened it; one query. `acts`
    gives the words of other acts that the person reads beside the openings.
    """

    target_type: str
    label: str
    files: Callable[[Beneficiary], dict[int, Readers]]
    reasons: Callable[[Sequence[AuditEvent]], dict[int, str]] | None = None
    acts: Mapping[str, str] = field(default_factory=dict)


_releases: list[Callable[..., None]] = []
_activities: list[Callable[[datetime], Exists]] = []
_file_kinds: dict[str, FileKind] = {}


def register_release(function: Callable[..., None]) -> None:
    """Call `function(*, beneficiary, now, by, is_compulsory)` before a file is frozen or erased.

    It ends what waits for the person (appointments, offers), or raises a DomainError when the person must
    do it first; never when `is_compulsory`. The person's requests and row are locked.
    """
    if function in _releases:
        raise ValueError(f"release registered twice: {function.__qualname__}")
    _releases.append(function)


def release(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool = False) -> None:
    for function in _releases:
        function(beneficiary=beneficiary, now=now, by=by, is_compulsory=is_compulsory)


def register_activity(function: Callable[[datetime], Exists]) -> None:
    """Add `function(since) -> Exists(…OuterRef("pk")…)`: whether a person had contact since an instant."""
    if function in _activities:
        raise ValueError(f"activity registered twice: {function.__qualname__}")
    _activities.append(function)


def activities(since: datetime) -> list[Exists]:
    return [function(since) for function in _activities]


def register_file_kind(kind: FileKind) -> None:
    """Show to the person who opened this kind of file."""
    if kind.target_type in _file_kinds:
        raise ValueError(f"kind of file registered twice: {kind.target_type}")
    _file_kinds[kind.target_type] = kind


def file_kinds() -> list[FileKind]:
    return list(_file_kinds.values())
