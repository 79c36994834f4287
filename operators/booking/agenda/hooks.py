"""What upper subjects add to the agenda: ways out, parts of a page, meetings, what follows a booking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from beneficiaries.space.hooks import OpenSpace
from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part

if TYPE_CHECKING:
    from beneficiaries.request.models import ServiceRequest
    from operators.booking.agenda.models import Appointment
    from operators.network.models import Adviser, Site


class Event(Enum):
    """What has just become of an appointment, in the transaction of the act."""

    BOOKED = "BOOKED"
    MOVED = "MOVED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Change:
    """A booking, a move or a cancellation, in its transaction; request and person are locked.

    A moved appointment is the new one; its `moved_from` is over.
    """

    event: Event
    appointment: Appointment
    now: datetime


@dataclass(frozen=True)
class NothingFits:
    """A person whom no slot suits; `query` is the search as its address has it."""

    service_request: ServiceRequest
    query: str
    now: datetime


@dataclass(frozen=True)
class WayOut:
    """What a person can still do when no slot suits them."""

    label: str
    url: str


@dataclass(frozen=True)
class ReadAppointment:
    """The page of a coming appointment. Whoever holds the signed link reads it, without an account:
    nothing more personal may be said there.
    """

    appointment: Appointment
    signed: str
    now: datetime


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting in which a person keeps a place, beside their appointments."""

    starts_at: datetime
    zone: str
    title: str
    where: str
    url: str


@dataclass(frozen=True)
class Expected:
    """An adviser or a site in a period, which without an end is all that comes; the other is None.

    Nobody leaves or closes over the first start of what they hold or receive then; what is under way at `now`
    goes on.
    """

    starts_at: datetime
    ends_at: datetime | None
    now: datetime
    adviser: Adviser | None = None
    site: Site | None = None


FOLLOWERS = Hook[Callable[[Change], None]]("what follows a booking")
WAYS_OUT = Hook[Callable[[NothingFits], WayOut | None]]("ways out when no slot suits")
PARTS = Hook[PagePart[ReadAppointment]]("parts of an appointment's page", same=is_same_part)
OWN_MEETINGS = Hook[Callable[[OpenSpace], list[OwnMeeting]]]("meetings of a person, soonest first")
MEETINGS = Hook[Callable[[Expected], datetime | None]]("first meeting in a period")


def own_meetings(space: OpenSpace) -> list[OwnMeeting]:
    return [meeting for answer in OWN_MEETINGS for meeting in answer(space)]


def next_meeting(
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
    adviser: Adviser | None = None,
    site: Site | None = None,
) -> datetime | None:
    """The first start, within a period, of what an adviser holds or a site receives beside appointments."""
    starts = [answer(Expected(starts_at, ends_at, now, adviser, site)) for answer in MEETINGS]
    return min((start for start in starts if start is not None), default=None)


def ways_out(*, service_request: ServiceRequest, query: str, now: datetime) -> list[WayOut]:
    """What is open to a person whom no slot suits; `query` is the search as its address has it."""
    ways = [answer(NothingFits(service_request, query, now)) for answer in WAYS_OUT]
    return [way for way in ways if way is not None]
