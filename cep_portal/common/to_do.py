"""What must be done, whatever the role: hooks that each subject fills in its `contributions.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from cep_portal.common.days import PARIS, local_day, monday_of
from cep_portal.common.hooks import Hook
from cep_portal.common.wording.names import of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cep_portal.accounts.models import User

SHOWN = 5  # tasks of one source, the rest being read where the source says; and of one group, the rest folded
COUNTED_FOR = 300  # seconds that the number of the menu lasts, unless its reader acts before


@dataclass(frozen=True)
class Reading:
    """Who reads, in what role, when; `once` keeps what several sources ask the database for."""

    user: User
    role: str
    now: datetime
    zone: str = PARIS
    _known: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def today(self) -> date:
        return local_day(self.now, self.zone)

    def once[Answer](self, name: str, read: Callable[[], Answer]) -> Answer:
        if name not in self._known:
            self._known[name] = read()
        return self._known[name]


@dataclass(frozen=True)
class Task:
    """One thing that the facts ask for: never typed, gone when it is done.

    `due_on` is the last day to do it in time. `take_url` answers « Je prends », by POST of `acte`. What is
    pinned has a day that cannot be missed: it is never folded, however far the day is.
    """

    verb: str
    about: str
    url: str
    due_on: date | None = None
    note: str = ""
    phone: str = ""
    take_url: str = ""
    is_pinned: bool = False

    @property
    def lead(self) -> str:
        """The verb as it joins: « Saisir la séance de », « Saisir la séance d’ » before « Alix »."""
        if not self.verb.endswith(" de"):
            return f"{self.verb} "
        return f"{self.verb.removesuffix('de')}{'d’' if of(self.about).startswith('d’') else 'de '}"


@dataclass(frozen=True)
class Tasks:
    """The first tasks of a source, how many in all, where the rest is read."""

    first: Sequence[Task] = ()
    count: int = 0
    more_url: str = ""


@dataclass(frozen=True)
class Source:
    """A kind of task, for some roles; one or two queries, the most pressing first."""

    slug: str
    title: str
    roles: frozenset[str]
    tasks: Callable[[Reading], Tasks]


@dataclass(frozen=True)
class Queue:
    """What waits for a whole team: how many, and the page where it is taken."""

    label: str
    url: str
    count: int


@dataclass(frozen=True)
class TeamQueues:
    """The queues of some roles; one query each at most."""

    slug: str
    roles: frozenset[str]
    queues: Callable[[Reading], list[Queue]]


@dataclass(frozen=True)
class Group:
    """The tasks of one delay: the first are shown, the rest folded, but for what cannot be missed."""

    title: str
    tasks: list[Task]
    is_late: bool = False
    is_folded: bool = False

    @property
    def shown(self) -> list[Task]:
        return [task for place, task in enumerate(self.tasks) if self._is_shown(place, task)]

    @property
    def rest(self) -> list[Task]:
        return [task for place, task in enumerate(self.tasks) if not self._is_shown(place, task)]

    def _is_shown(self, place: int, task: Task) -> bool:
        return self.is_folded or place < SHOWN or task.is_pinned


@dataclass(frozen=True)
class ToDo:
    """All that one person has to do, as it is shown."""

    groups: list[Group]
    queues: list[Queue]
    count: int

    @property
    def is_late(self) -> bool:
        return any(group.is_late for group in self.groups)

    @property
    def shown(self) -> int:
        return sum(len(group.tasks) for group in self.groups)

    def first(self, most: int) -> ToDo:
        """The most pressing tasks alone, for a page that shows something else too."""
        groups, left = [], most
        for group in self.groups:
            if left > 0 and not group.is_folded:
                groups.append(Group(group.title, group.tasks[:left], group.is_late))
                left -= len(group.tasks)
        return ToDo(groups, [], self.count)


TO_DOS = Hook[Source]("tasks of a role", same=lambda new, known: new.slug == known.slug)
QUEUES = Hook[TeamQueues]("queues of a team", same=lambda new, known: new.slug == known.slug)


def to_do(reading: Reading) -> ToDo:
    """Every source of the role, by last day; keeps their number for the menu."""
    sources = [source for source in TO_DOS if reading.role in source.roles]
    answers = [(source, source.tasks(reading)) for source in sources]
    tasks = [task for _, answer in answers for task in answer.first]
    longer = [
        Queue(source.title, answer.more_url, answer.count)
        for source, answer in answers
        if answer.more_url and answer.count > len(answer.first)
    ]
    teams = [team for team in QUEUES if reading.role in team.roles]
    queues = [queue for team in teams for queue in team.queues(reading) if queue.count]
    count = sum(answer.count for _, answer in answers)
    cache.set(_key(reading.user), count, COUNTED_FOR)
    return ToDo(groups_of(tasks, today=reading.today), [*longer, *queues], count)


def groups_of(tasks: Sequence[Task], *, today: date) -> list[Group]:
    """The tasks by delay, the nearest last day first; a week ends on its Sunday."""
    sunday = monday_of(today) + timedelta(days=6)
    dated = [task for task in tasks if task.due_on]
    dated.sort(key=lambda task: (task.due_on or today, not task.is_pinned))

    def due(first: date, last: date) -> list[Task]:
        return [task for task in dated if first <= (task.due_on or today) <= last]

    a_day = timedelta(days=1)
    later = due(sunday + a_day, date.max)
    groups = [
        Group("En retard", due(date.min, today - a_day), is_late=True),
        Group("Aujourd’hui", due(today, today)),
        Group("Échéances", [task for task in later if task.is_pinned]),
        Group("Cette semaine", due(today + a_day, sunday)),
        Group("Sans date", [task for task in tasks if task.due_on is None]),
        Group("Plus tard", [task for task in later if not task.is_pinned], is_folded=True),
    ]
    return [group for group in groups if group.tasks]


def first_tasks(
    rows: QuerySet[Any], task: Callable[[Any], Task], more_url: str = "", *, most: int = SHOWN
) -> Tasks:
    """The first tasks of a source, how many in all; counted only when some are left."""
    first = list(rows[: most + 1])
    if len(first) <= most:
        return Tasks([task(row) for row in first], len(first))
    return Tasks([task(row) for row in first[:most]], rows.count(), more_url)


def known_count(user: User) -> int | None:
    """The number last read, for the menu: no page but the list counts anything."""
    return cache.get(_key(user))


def forget_count(user: User) -> None:
    """Their reader has acted: the number is no longer sure."""
    cache.delete(_key(user))


def _key(user: User) -> str:
    return f"to_do:{user.pk}:{user.mandate.pk if user.mandate else 0}"
