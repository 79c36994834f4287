"""What is sealed of a note, as plain JSON: closed lists, then free words."""

import json
from dataclasses import dataclass
from uuid import UUID

from cep_portal.common.encryption import Sealed, seal, unseal
from operators.casework.notes.enums import Seen
from operators.casework.notes.models import Note
from operators.casework.pathways.enums import Theme


@dataclass(frozen=True)
class Content:
    themes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    text: str = ""

    @property
    def theme_labels(self) -> list[str]:
        return [str(Theme(theme).label) for theme in self.themes]

    @property
    def seen_labels(self) -> list[str]:
        return [str(Seen(one).label) for one in self.seen]

    @property
    def in_words(self) -> str:
        """The whole note as a person reads it in a copy of the data."""
        lists = [", ".join(one) for one in (self.theme_labels, self.seen_labels) if one]
        return "\n".join([*lists, self.text] if self.text else lists)


def written(content: Content | None) -> dict:
    """What a note says, as its form shows it."""
    content = content or Content()
    return {"themes": content.themes, "seen": content.seen, "text": content.text}


def seal_content(content: Content, *, uuid: UUID) -> Sealed:
    facts = {"themes": content.themes, "seen": content.seen, "text": content.text}
    return seal(json.dumps(facts, ensure_ascii=False), context=f"note:{uuid}")


def content_of(note: Note) -> Content | None:
    """What a note says; None once erased. Raises SealBroken."""
    if note.erased_at is not None:
        return None
    facts = json.loads(unseal(Sealed(note.key_id, bytes(note.sealed)), context=f"note:{note.uuid}"))
    return Content(tuple(facts["themes"]), tuple(facts["seen"]), facts["text"])
