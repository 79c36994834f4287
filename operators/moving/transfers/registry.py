"""What may go with a pathway: each subject gives its part in AppConfig.ready(), collected and put back."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from cep_portal.accounts.models import User
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway
from operators.casework.summaries.models import SummaryDocument
from operators.moving.transfers.enums import ItemKind
from operators.moving.transfers.models import TransferItem


@dataclass(frozen=True)
class Draft:
    """One item as it is now: `lines` are what people read, `facts` what puts it back, in plain values."""

    title: str
    lines: tuple[str, ...]
    facts: dict
    attachment: Attachment | None = None
    summary: SummaryDocument | None = None

    @property
    def content(self) -> dict:
        return {"lines": list(self.lines), "facts": self.facts}


@dataclass(frozen=True)
class Part:
    """`collect(*, pathway, now) -> list[Draft]`; `restore(*, item, pathway, by, now)` puts it back."""

    kind: ItemKind
    collect: Callable[..., list[Draft]]
    restore: Callable[..., object] | None = None


_parts: dict[ItemKind, Part] = {}


def register_part(part: Part) -> None:
    if part.kind in _parts:
        raise ValueError(f"part registered twice: {part.kind}")
    _parts[part.kind] = part


def collect(*, pathway: Pathway, files: Collection[int] = (), now: datetime) -> list[tuple[ItemKind, Draft]]:
    """What a pathway has to pass on, in the order of ItemKind; of the files, those chosen (by key)."""
    return [
        (kind, draft)
        for kind in ItemKind
        if kind in _parts
        for draft in _parts[kind].collect(pathway=pathway, now=now)
        if draft.attachment is None or draft.attachment.pk in files
    ]


def restore(*, item: TransferItem, pathway: Pathway, by: User, now: datetime) -> None:
    """Put an item agreed to in the pathway that goes on; one without a way back is only read."""
    part = _parts.get(ItemKind(item.kind))
    if part is not None and part.restore is not None:
        part.restore(item=item, pathway=pathway, by=by, now=now)
