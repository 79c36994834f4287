"""What upper subjects know of a document they issued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from cep_portal.documents.models import StoredDocument


@dataclass(frozen=True)
class Standing:
    """A newer version took the place of this document, since an instant."""

    since: datetime


@dataclass(frozen=True)
class IssuedKind:
    """Says of the documents of a kind whether one was superseded; None: it still holds."""

    kind: str
    standing: Callable[[StoredDocument], Standing | None]


ISSUED_KINDS = Hook[IssuedKind]("standing of a document", same=lambda new, known: new.kind == known.kind)


def standing_of(document: StoredDocument) -> Standing | None:
    issued = next((issued for issued in ISSUED_KINDS if issued.kind == document.kind), None)
    return issued.standing(document) if issued else None
