"""What upper subjects add to the agenda, in AppConfig.ready(): ways out, sections, what follows a booking."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from beneficiaries.request.models import Beneficiary, ServiceRequest
from operators.booking.agenda.models import Appointment
from operators.network.models import Adviser, Site


class Event(Enum):
    """What has just become of an appointment, in the transaction of the act."""

    BOOKED = "BOOKED"
    MOVED = "MOVED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class WayOut:
    """What a person can still do when no slot suits them."""

    label: str
    url: str


@dataclass(frozen=True)
class Section:
    """A part of the page of an appointment: `data` is what its template reads."""

    title: str
    template: str
    data: dict


@dataclass(frozen=True)
class OwnMeeting:
    """A meeting in which a person keeps a place, beside their appointments."""

    starts_at: datetime
    zone: str
    title: str
    where: str
    url: str


_followers: list[Callable] = []
_own_meetings: list[Callable] = []
_meetings: list[Callable] = []
_ways_out: list[tuple[int, Callable]] = []
_sections: list[tuple[int, str, str, Callable]] = []


def register_follower(function: Callable) -> None:
    """Call `function(*, event, appointment, now)` in the transaction of each booking, move, cancellation.

    A moved appointment is the new one; its `moved_from` is over. Request and person are locked.
    """
    if function in _followers:
        raise ValueError(f"follower registered twice: {function.__qualname__}")
    _followers.append(function)


def tell_followers(event: Event, *, appointment: Appointment, now: datetime) -> None:
    for function in _followers:
        function(event=event, appointment=appointment, now=now)


def register_own_meetings(function: Callable) -> None:
    """Add `function(*, beneficiary, now) -> list[OwnMeeting]` to « Mes rendez-vous », soonest first."""
    if function in _own_meetings:
        raise ValueError(f"own meetings registered twice: {function.__qualname__}")
    _own_meetings.append(function)


def own_meetings(*, beneficiary: Beneficiary, now: datetime) -> list[OwnMeeting]:
    return [one for function in _own_meetings for one in function(beneficiary=beneficiary, now=now)]


def register_meeting(function: Callable) -> None:
    """Add `function(*, adviser, site, starts_at, ends_at) -> datetime | None`: when many people are expected.

    One of `adviser` and `site` is None; the first start in the period. Nobody leaves or closes over it.
    """
    if function in _meetings:
        raise ValueError(f"meeting registered twice: {function.__qualname__}")
    _meetings.append(function)


def next_meeting(
    *,
    starts_at: datetime,
    ends_at: datetime | None,
    adviser: Adviser | None = None,
    site: Site | None = None,
) -> datetime | None:
    """The first start, within a period, of what an adviser holds or a site receives beside appointments.

    A period without an end is all that comes.
    """
    found = (
        function(adviser=adviser, site=site, starts_at=starts_at, ends_at=ends_at) for function in _meetings
    )
    return min((start for start in found if start is not None), default=None)


def register_way_out(function: Callable, *, order: int = 50) -> None:
    """Add `function(*, service_request, query, now) -> WayOut | None` to « Rien ne convient ? »."""
    if any(known is function for _, known in _ways_out):
        raise ValueError(f"way out registered twice: {function.__qualname__}")
    _ways_out.append((order, function))


def ways_out(*, service_request: ServiceRequest, query: str, now: datetime) -> list[WayOut]:
    """What is open to a person whom no slot suits; `query` is the search as its address has it."""
    ordered = sorted(_ways_out, key=lambda one: one[0])
    found = (function(service_request=service_request, query=query, now=now) for _, function in ordered)
    return [way for way in found if way is not None]


def register_section(function: Callable, *, title: str, template: str, order: int = 50) -> None:
    """Add `function(*, appointment, signed, now) -> dict | None` to the page of a coming appointment.

    Whoever holds the signed link reads it, without an account: nothing more personal may be said there.
    """
    if any(known is function for *_, known in _sections):
        raise ValueError(f"section registered twice: {function.__qualname__}")
    _sections.append((order, title, template, function))


def sections(*, appointment: Appointment, signed: str, now: datetime) -> list[Section]:
    shown = []
    for _, title, template, function in sorted(_sections, key=lambda one: one[:2]):
        data = function(appointment=appointment, signed=signed, now=now)
        if data is not None:
            shown.append(Section(title, template, data))
    return shown
