"""What upper apps know of a document they issued; each adds its part in AppConfig.ready()."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cep_portal.documents.models import StoredDocument


@dataclass(frozen=True)
class Standing:
    """A newer version took the place of this document, since an instant."""

    since: datetime


_standings: dict[str, Callable[[StoredDocument], Standing | None]] = {}


def register_standing(kind: str, function: Callable[[StoredDocument], Standing | None]) -> None:
    """Say of the documents of this kind whether one was superseded; None: it still holds."""
    if kind in _standings:
        raise ValueError(f"standing registered twice: {kind}")
    _standings[kind] = function


def standing_of(document: StoredDocument) -> Standing | None:
    function = _standings.get(document.kind)
    return function(document) if function else None
