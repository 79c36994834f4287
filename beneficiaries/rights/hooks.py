"""What upper apps know of a person's file, and what ends with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from beneficiaries.request.models import Beneficiary
    from cep_portal.accounts.models import AuditEvent, User
    from cep_portal.common.personal_data import Readers


@dataclass(frozen=True)
class FileReaders:
    """The readers of a kind of file whose manifest leaves them to a subject above (`files` is None there)."""

    target_type: str
    files: Callable[[Beneficiary], dict[int, Readers]]
    reasons: Callable[[Sequence[AuditEvent]], dict[int, str]] | None = None


@dataclass(frozen=True)
class FileEnd:
    """A file about to be frozen or erased; the person's requests and row are locked.

    Ends what waits for the person (appointments, offers), or raises a DomainError when the person must do it
    first; never when `is_compulsory`.
    """

    beneficiary: Beneficiary
    now: datetime
    by: User | None
    is_compulsory: bool = False


RELEASES = Hook[Callable[[FileEnd], None]]("what ends with a person's file")
# An instant to Exists(…OuterRef("pk")…): whether a person had contact since then.
ACTIVITIES = Hook[Callable[[datetime], Exists]]("contact since an instant")
FILE_READERS = Hook[FileReaders](
    "readers of a file that only a subject above knows",
    same=lambda new, known: new.target_type == known.target_type,
)


def release(*, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool = False) -> None:
    for end in RELEASES:
        end(FileEnd(beneficiary, now, by, is_compulsory))
