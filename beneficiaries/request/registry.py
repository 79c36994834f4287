"""What upper apps tell of a request and of its person; they fill this in AppConfig.ready()."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from beneficiaries.request.models import Beneficiary, ServiceRequest


@dataclass(frozen=True)
class NextStep:
    label: str
    url: str
    description: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of the story of a request: when, and what, in words for the person."""

    at: datetime
    text: str


Contribution = Callable[..., NextStep | None]
_steps: list[tuple[int, Contribution]] = []


def register_next_step(function: Contribution, *, order: int = 50) -> None:
    """Add `function(*, service_request, is_holder, now) -> NextStep | None`; the lowest order comes first.

    `is_holder` is False for somebody who only has the reference: then nothing personal may be said.
    """
    if any(known is function for _, known in _steps):
        raise ValueError(f"next step registered twice: {function.__qualname__}")
    _steps.append((order, function))


def next_steps(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> list[NextStep]:
    """Every act open on this request, the main one first."""
    ordered = sorted(_steps, key=lambda step: step[0])
    steps = (
        function(service_request=service_request, is_holder=is_holder, now=now) for _, function in ordered
    )
    return [step for step in steps if step is not None]


Facts = Callable[..., list[Fact]]
_facts: list[Facts] = []


def register_fact(function: Facts) -> None:
    """Add `function(*, service_request, is_holder, now) -> [Fact]`; nothing personal for who is no holder."""
    if function in _facts:
        raise ValueError(f"fact registered twice: {function.__qualname__}")
    _facts.append(function)


def facts_of(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> list[Fact]:
    """What the upper apps know of a request, in the order it happened."""
    told = (function(service_request=service_request, is_holder=is_holder, now=now) for function in _facts)
    return sorted((fact for facts in told for fact in facts), key=lambda fact: fact.at)


Past = Callable[[Collection[int]], set[int]]
_pasts: list[Past] = []


def register_past(function: Past) -> None:
    """Add `function(keys of people) -> keys of those who have a file`: found again only if they agree."""
    if function in _pasts:
        raise ValueError(f"past registered twice: {function.__qualname__}")
    _pasts.append(function)


def with_past(people: Collection[Beneficiary]) -> set[int]:
    """The keys of the people among these whom somebody has already received."""
    keys = [person.pk for person in people]
    return set().union(*(function(keys) for function in _pasts)) if keys else set()


Follower = Callable[..., None]
_followers: list[Follower] = []


def register_follower(function: Follower) -> None:
    """Call `function(*, service_request, now)` in the transaction of each registration."""
    if function in _followers:
        raise ValueError(f"follower registered twice: {function.__qualname__}")
    _followers.append(function)


def tell_registered(*, service_request: ServiceRequest, now: datetime) -> None:
    for function in _followers:
        function(service_request=service_request, now=now)
