"""What a departure would do, to whom: read before the act, as the act would decide."""

from dataclasses import dataclass
from datetime import datetime

from operators.agenda import replacing
from operators.agenda.registry import next_meeting
from operators.agenda.replacing import Consequence
from operators.network.models import Adviser
from operators.pathways.enums import PathwayState


@dataclass(frozen=True)
class Departure:
    """Each booking to come and what would become of it, the open pathways, the meeting that forbids it."""

    consequences: tuple[Consequence, ...]
    pathway_count: int
    meeting_at: datetime | None


def departure_of(*, adviser: Adviser, now: datetime) -> Departure:
    return Departure(
        consequences=tuple(replacing.consequences(adviser=adviser, starts_at=now, ends_at=None, now=now)),
        pathway_count=adviser.pathways.filter(state=PathwayState.OPEN).count(),
        meeting_at=next_meeting(adviser=adviser, starts_at=now, ends_at=None),
    )
