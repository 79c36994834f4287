"""What upper apps know of a person's file, and what ends with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
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


@dataclass(frozen=True)
class Release:
    """A file about to be frozen or erased; the person's requests and row are locked.

    Ends what waits for the person (appointments, offers), or raises a DomainError when the person must do it
    first; never when `is_compulsory`.
    """

    beneficiary: Beneficiary
    now: datetime
    by: User | None
    is_compulsory: bool = False


RELEASES = Hook[Callable[[Release], None]]("what ends with a person's file")
# An instant to Exists(…OuterRef("pk")…): whether a person had contact since then.
ACTIVITIES = Hook[Callable[[datetime], Exists]]("contact since an instant")
FILE_KINDS = Hook[FileKind](
    "files that agents open", same=lambda new, known: new.target_type == known.target_type
)


def release(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool = False) -> None:
    for end in RELEASES:
        end(Release(beneficiary, now, by, is_compulsory))
