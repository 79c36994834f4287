"""What a departure would do, to whom: read before the act, as the act would decide."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from operators.agenda import replacing
from operators.agenda.models import Appointment
from operators.agenda.registry import next_meeting
from operators.agenda.replacing import Consequence
from operators.network.models import Adviser, Site
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


@dataclass(frozen=True)
class SiteClosing:
    """Who is booked there, who belongs to it, the meeting that forbids it."""

    booked: tuple[Appointment, ...]
    advisers: tuple[Adviser, ...]
    meeting_at: datetime | None

    @property
    def is_possible(self) -> bool:
        return not self.advisers and self.meeting_at is None


def closing_of(*, site: Site, now: datetime) -> SiteClosing:
    today = now.astimezone(ZoneInfo(site.zone)).date()
    staying = site.advisers.filter(is_active=True).select_related("user")
    return SiteClosing(
        booked=tuple(replacing.booked_on(site=site, first_on=today, last_on=date(2199, 12, 31), now=now)),
        advisers=tuple(staying.order_by("user__last_name", "user__first_name", "pk")),
        meeting_at=next_meeting(site=site, starts_at=now, ends_at=None),
    )
