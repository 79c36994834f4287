"""What upper apps tell of a request and of its person, and what follows its registration."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from beneficiaries.request.models import Beneficiary, ServiceRequest


@dataclass(frozen=True)
class NextStep:
    """An act open on a request; `heading` is where the request stands, in words that this act knows."""

    label: str
    url: str
    description: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of the story of a request: when, and what, in words for the person."""

    at: datetime
    text: str


@dataclass(frozen=True)
class ReadRequest:
    """A request as its page is read: nothing personal may be told to who only has the reference."""

    service_request: ServiceRequest
    is_holder: bool
    now: datetime


@dataclass(frozen=True)
class Registered:
    """A request that has its person, just registered or just put in a name, in the transaction of the act.

    One without a way to reach the person is told to nobody (ADR 0050).
    """

    service_request: ServiceRequest
    now: datetime


NEXT_STEPS = Hook[Callable[[ReadRequest], NextStep | None]]("acts open on a request")
FACTS = Hook[Callable[[ReadRequest], list[Fact]]]("story of a request")
# Keys of people to the keys of those who have a file: who has one is found again only if they agree.
PASTS = Hook[Callable[[Collection[int]], set[int]]]("people already received")
FOLLOWERS = Hook[Callable[[Registered], None]]("what follows a registration")


def next_steps(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> list[NextStep]:
    """Every act open on this request, the main one first; none on a file frozen or erased."""
    if service_request.beneficiary is not None and service_request.beneficiary.is_closed:
        return []
    read = ReadRequest(service_request, is_holder, now)
    steps = [answer(read) for answer in NEXT_STEPS]
    return [step for step in steps if step is not None]


def facts_of(*, service_request: ServiceRequest, is_holder: bool, now: datetime) -> list[Fact]:
    """What the upper apps know of a request, in the order it happened."""
    read = ReadRequest(service_request, is_holder, now)
    return sorted((fact for answer in FACTS for fact in answer(read)), key=lambda fact: fact.at)


def with_past(people: Collection[Beneficiary]) -> set[int]:
    """The keys of the people among these whom somebody has already received."""
    keys = [person.pk for person in people]
    return set().union(*(answer(keys) for answer in PASTS)) if keys else set()


def tell_registered(*, service_request: ServiceRequest, now: datetime) -> None:
    for follow in FOLLOWERS:
        follow(Registered(service_request, now))
