"""What upper subjects add to a pathway's file and to the adviser's day, in AppConfig.ready()."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import NextStep
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.models import Adviser


class Event(Enum):
    """What has just been written of an appointment, a session or a pathway, in the transaction of the act."""

    ATTENDED = "ATTENDED"
    NO_SHOW = "NO_SHOW"
    CANCELLED = "CANCELLED"  # said when logging; a cancellation in the agenda is the agenda's own event
    LOGGED = "LOGGED"
    ENTERED = "ENTERED"
    REOPENED = "REOPENED"
    CONTINUED = "CONTINUED"  # begun where another operator left it: no second entry
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class Section:
    """A card of a pathway's file: `data` is what its template reads."""

    title: str
    template: str
    data: dict


@dataclass(frozen=True)
class Happening:
    """One line of a pathway's timeline beside its sessions: an answer, a hand-over, a document accepted."""

    at: datetime
    title: str
    detail: str = ""
    url: str = ""
    badge: str = ""
    badge_kind: str = "neutral"


@dataclass(frozen=True)
class Task:
    """One thing that the facts ask of an adviser: never typed, gone when it is done."""

    label: str
    url: str
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class ToDo:
    """A card of the adviser's day: the first tasks, and how many in all."""

    title: str
    tasks: Sequence[Task] = field(default_factory=tuple)
    count: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class Gate:
    """What stands before a file: a page of the pathway to pass first, or a word for the journal."""

    url_name: str = ""
    data: dict = field(default_factory=dict)


_gates: list[Callable[..., Gate]] = []
_stand_ins: list[Callable[..., set[tuple[int, int]]]] = []
_sections: list[tuple[int, str, str, Callable]] = []
_timelines: list[Callable] = []
_to_dos: list[tuple[int, str, Callable]] = []
_preparations: list[Callable] = []
_follow_ups: dict[str, Callable] = {}
_followers: list[Callable] = []
_thens: dict[str, tuple[str, Callable]] = {}


def _once(functions: list[Callable], function: Callable) -> None:
    if function in functions:
        raise ValueError(f"registered twice: {function.__qualname__}")


def register_follower(function: Callable) -> None:
    """Call `function(*, event, subject, now)` in the transaction of what an Event says.

    `subject` is the appointment, the session or the pathway that it speaks of, as just written.
    """
    _once(_followers, function)
    _followers.append(function)


def tell_followers(
    event: Event, *, subject: Appointment | CounsellingSession | Pathway, now: datetime
) -> None:
    for function in _followers:
        function(event=event, subject=subject, now=now)


def register_gate(function: Callable[..., Gate]) -> None:
    """Ask `function(*, pathway, user, now) -> Gate` before a file is shown or changed; there is one gate."""
    if _gates:
        raise ValueError("a file has one gate")
    _gates.append(function)


def gate(*, pathway: Pathway, user: User, now: datetime) -> Gate:
    """What stands between a user who may read the file and the file; any page of it asks this first."""
    return _gates[0](pathway=pathway, user=user, now=now) if _gates else Gate()


def register_stand_ins(function: Callable[..., set[tuple[int, int]]]) -> None:
    """Count as followers, past ones too, `function(*, beneficiary) -> {(pathway, user)}`; one query."""
    _once(_stand_ins, function)
    _stand_ins.append(function)


def stand_ins(*, beneficiary: Beneficiary) -> set[tuple[int, int]]:
    """Who followed a person's pathways for somebody else, or lent them; by keys."""
    found: set[tuple[int, int]] = set()
    for function in _stand_ins:
        found |= function(beneficiary=beneficiary)
    return found


def register_section(function: Callable, *, title: str, template: str, order: int = 50) -> None:
    """Add `function(*, pathway, user, now) -> dict | None` to the file of a pathway; None shows nothing.

    Whoever reads the file reads the card: a subject with a narrower rule returns None.
    """
    _once([known for *_, known in _sections], function)
    _sections.append((order, title, template, function))


def sections(*, pathway: Pathway, user: User, now: datetime) -> list[Section]:
    shown = []
    for _, title, template, function in sorted(_sections, key=lambda one: one[:2]):
        data = function(pathway=pathway, user=user, now=now)
        if data is not None:
            shown.append(Section(title, template, data))
    return shown


def register_timeline(function: Callable) -> None:
    """Add `function(*, pathway, user) -> list[Happening]` to the timeline of a pathway; one query at most."""
    _once(_timelines, function)
    _timelines.append(function)


def happenings(*, pathway: Pathway, user: User) -> list[Happening]:
    return [one for function in _timelines for one in function(pathway=pathway, user=user)]


def register_to_do(function: Callable, *, title: str, order: int = 50) -> None:
    """Add `function(*, adviser, user, now) -> tuple[list[Task], int, str]` to the adviser's day.

    The first tasks, late ones first, how many in all, and where the rest is read; one or two queries. Nothing
    is shown when there is none.
    """
    _once([known for *_, known in _to_dos], function)
    _to_dos.append((order, title, function))


def to_dos(*, adviser: Adviser, user: User, now: datetime) -> list[ToDo]:
    shown = []
    for _, title, function in sorted(_to_dos, key=lambda one: one[:2]):
        tasks, count, more_url = function(adviser=adviser, user=user, now=now)
        if count:
            shown.append(ToDo(title, tasks, count, more_url))
    return shown


def register_preparation(function: Callable) -> None:
    """Add `function(*, appointments, pathways, user, now) -> dict[int, list[str]]`: what each needs before.

    Keys are those of the appointments, values short French words; `pathways` is by (person, contract), as
    selectors.pathways_by_person gives it. One query at most for the whole day.
    """
    _once(_preparations, function)
    _preparations.append(function)


def preparations(
    *,
    appointments: Sequence[Appointment],
    pathways: dict[tuple[int, int], Pathway],
    user: User,
    now: datetime,
) -> dict[int, list[str]]:
    """What each appointment of a day needs before it, from every subject."""
    needed: dict[int, list[str]] = {}
    for function in _preparations:
        found = function(appointments=appointments, pathways=pathways, user=user, now=now)
        for key, words in found.items():
            needed.setdefault(key, []).extend(words)
    return needed


def register_follow_up(step: str, function: Callable) -> None:
    """Open `function(*, pathway) -> str`, an address, once a session says this next step."""
    if step in _follow_ups:
        raise ValueError(f"follow-up registered twice: {step}")
    _follow_ups[step] = function


def register_then(slug: str, *, label: str, function: Callable) -> None:
    """Offer a second button under the log of a session: once logged, `function(*, session) -> str` opens."""
    if slug in _thens:
        raise ValueError(f"what comes then registered twice: {slug}")
    _thens[slug] = (label, function)


def thens() -> list[tuple[str, str]]:
    """What each second button is called, by what it sends."""
    return [(slug, label) for slug, (label, _) in _thens.items()]


def url_after(session: CounsellingSession, *, then: str = "") -> str:
    """What the button pressed asked for, else where the next step is done, else the adviser's day."""
    if then in _thens:
        return _thens[then][1](session=session)
    if session.next_step == NextStep.NEXT_SESSION:
        return reverse("operators:next_appointment", args=[session.pathway.beneficiary.uuid])
    function = _follow_ups.get(session.next_step)
    return function(pathway=session.pathway) if function else reverse("operators:today")
