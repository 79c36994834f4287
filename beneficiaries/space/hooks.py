"""The panels and pages of the personal space that upper apps give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part

if TYPE_CHECKING:
    from beneficiaries.request.models import Beneficiary


class Group(Enum):
    """Where the links of the first screen stand, in this order."""

    SUPPORT = "Mon accompagnement"
    DATA = "Mes données et mon compte"
    OTHERWISE = "Changer, réclamer"


@dataclass(frozen=True)
class OpenSpace:
    """The personal space of somebody, now."""

    beneficiary: Beneficiary
    now: datetime


@dataclass(frozen=True)
class Page:
    """A page below /mon-espace/, with its link on the first screen; `template` reads `data` as `panel`."""

    slug: str
    title: str
    data: Callable[[OpenSpace], dict]
    template: str
    group: Group = Group.SUPPORT


@dataclass(frozen=True)
class Room:
    """A page of the person that stands at an address of its own; `url` answers "" to stay away."""

    title: str
    url: Callable[[OpenSpace], str]
    group: Group = Group.SUPPORT


PANELS = Hook[PagePart[OpenSpace]]("panels of the personal space", same=is_same_part)
PAGES = Hook[Page]("pages of the personal space", same=lambda new, known: new.slug == known.slug)

ROOMS = Hook[Room]("rooms of the person elsewhere", same=lambda new, known: new.title == known.title)


def page_at(slug: str) -> Page | None:
    return next((page for page in PAGES if page.slug == slug), None)
