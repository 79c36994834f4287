"""What upper subjects add to a pathway's file and to the adviser's day, and what follows what is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part
from operators.casework.pathways.enums import NextStep

if TYPE_CHECKING:
    from django.db.models import Model

    from beneficiaries.request.models import Beneficiary
    from cep_portal.accounts.models import User
    from operators.booking.agenda.models import Appointment
    from operators.casework.pathways.models import CounsellingSession, Pathway
    from operators.network.models import Adviser


class Event(Enum):
    """What has just been written of an appointment, a session or a pathway, in the transaction of the act."""

    ATTENDED = "ATTENDED"
    NO_SHOW = "NO_SHOW"
    CANCELLED = "CANCELLED"  # said when logging; a cancellation in the agenda is the agenda's own event
    NO_SHOW_UNDONE = "NO_SHOW_UNDONE"
    LOGGED = "LOGGED"
    CORRECTED = "CORRECTED"  # and given back what it said
    ENTERED = "ENTERED"
    REOPENED = "REOPENED"
    CONTINUED = "CONTINUED"  # begun where another operator left it: no second entry
    CLOSED = "CLOSED"


@dataclass(frozen=True)
class Change:
    """What an Event says, and the appointment, the session or the pathway as just written."""

    event: Event
    subject: Appointment | CounsellingSession | Pathway
    now: datetime


@dataclass(frozen=True)
class OpenFile:
    """A pathway's file, as somebody reads it. Whoever reads the file reads what is added to it."""

    pathway: Pathway
    user: User
    now: datetime


@dataclass(frozen=True)
class Gate:
    """What stands before a file: a page of the pathway to pass first, or a word for the journal."""

    url_name: str = ""
    data: dict = field(default_factory=dict)


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
class Act:
    """One thing to do with a file: a part gives its own under `acts`, the file shows them in one menu.

    A part with acts and nothing to say `is_silent`.
    """

    label: str
    url: str


@dataclass(frozen=True)
class FilesOf:
    """All the pathways of a person."""

    beneficiary: Beneficiary


@dataclass(frozen=True)
class Day:
    """An adviser's day, as they read it."""

    adviser: Adviser
    user: User
    now: datetime


@dataclass(frozen=True)
class Ahead:
    """Appointments to prepare; `pathways` is by (person, contract), as pathways_by_person gives it."""

    appointments: Sequence[Appointment]
    pathways: dict[tuple[int, int], Pathway]
    user: User


@dataclass(frozen=True)
class FollowUp:
    """Where what a session says comes next is done: an address."""

    step: NextStep
    url: Callable[[Pathway], str]


@dataclass(frozen=True)
class SecondButton:
    """A second button under the log of a session: once logged, its address opens."""

    slug: str
    label: str
    url: Callable[[CounsellingSession], str]


# Rows of a table had some values in their columns, and have others: what the undo of a merge reads.
type Note = Callable[[type[Model], Collection[int], Mapping[str, Any], Mapping[str, Any]], None]


@dataclass(frozen=True)
class PersonMerged:
    """Two files of one person made one: what names the person other than by a foreign key follows."""

    absorbed: Beneficiary
    kept: Beneficiary
    note: Note


@dataclass(frozen=True)
class PathwayJoined:
    """A pathway joined into another of the same person."""

    pathway: Pathway
    into: Pathway
    note: Note


FOLLOWERS = Hook[Callable[[Change], None]]("what follows a log, its correction, an entry, a closing")
GATES = Hook[Callable[[OpenFile], Gate]]("gate of a file", same=lambda _new, _known: True)  # a file has one
STAND_INS = Hook[Callable[[FilesOf], set[tuple[int, int]]]]("past and present stand-ins")  # (pathway, user)
PARTS = Hook[PagePart[OpenFile]]("parts of a file", same=is_same_part)
TIMELINE = Hook[Callable[[OpenFile], list[Happening]]]("lines of a file's timeline")  # one query at most
# By key of an appointment, what it needs before, in short French words; one query at most for the day.
PREPARATIONS = Hook[Callable[[Ahead], dict[int, list[str]]]]("what an appointment needs before")
FOLLOW_UPS = Hook[FollowUp]("where a next step is done", same=lambda new, known: new.step == known.step)
SECOND_BUTTONS = Hook[SecondButton](
    "second buttons under a log", same=lambda new, known: new.slug == known.slug
)
# Keys of contracts to the first day that may still change: a fact of an earlier day is never changed; a new
# one is taken, with the day it was learnt.
FREEZES = Hook[Callable[[Sequence[int]], dict[int, date]]]("days that may still change")
PERSON_MERGES = Hook[Callable[[PersonMerged], None]]("what follows a merge of two people")
PATHWAY_JOINS = Hook[Callable[[PathwayJoined], None]]("what follows two pathways joined")


def tell_followers(
    event: Event, *, subject: Appointment | CounsellingSession | Pathway, now: datetime
) -> None:
    for follow in FOLLOWERS:
        follow(Change(event, subject, now))


def first_open_days(*, contract_ids: Sequence[int]) -> dict[int, date]:
    """The strictest of every freeze; a contract without one may change."""
    days: dict[int, date] = {}
    for freeze in FREEZES:
        for contract_id, day in freeze(contract_ids).items():
            days[contract_id] = max(day, days.get(contract_id, day))
    return days


def gate(opened: OpenFile) -> Gate:
    """What stands between a user who may read the file and the file; any page of it asks this first."""
    return next((answer(opened) for answer in GATES), Gate())


def stand_ins(*, beneficiary: Beneficiary) -> set[tuple[int, int]]:
    """Who followed a person's pathways for somebody else, or lent them; by keys."""
    return {follower for answer in STAND_INS for follower in answer(FilesOf(beneficiary))}


def happenings(opened: OpenFile) -> list[Happening]:
    return [happening for answer in TIMELINE for happening in answer(opened)]


def preparations(ahead: Ahead) -> dict[int, list[str]]:
    """What each appointment of a day needs before it, from every subject."""
    needed: dict[int, list[str]] = {}
    for answer in PREPARATIONS:
        for key, words in answer(ahead).items():
            needed.setdefault(key, []).extend(words)
    return needed


def url_after(session: CounsellingSession, *, then: str = "") -> str:
    """What the button pressed asked for, else where the next step is done, else the adviser's day."""
    for button in SECOND_BUTTONS:
        if button.slug == then:
            return button.url(session)
    if session.next_step == NextStep.NEXT_SESSION:
        return reverse("operators:next_appointment", args=[session.pathway.beneficiary.uuid])
    for follow_up in FOLLOW_UPS:
        if follow_up.step == session.next_step:
            return follow_up.url(session.pathway)
    return reverse("operators:today")
