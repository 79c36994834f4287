"""The panels and pages of the personal space that upper apps give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part

if TYPE_CHECKING:
    from beneficiaries.request.models import Beneficiary


@dataclass(frozen=True)
class OpenSpace:
    """The personal space of somebody, now."""

    beneficiary: Beneficiary
    now: datetime


@dataclass(frozen=True)
class Page:
    """A page below /mon-espace/, with its card on the first screen; `template` reads `data` as `panel`."""

    slug: str
    title: str
    text: str
    data: Callable[[OpenSpace], dict]
    template: str


PANELS = Hook[PagePart[OpenSpace]]("panels of the personal space", same=is_same_part)
PAGES = Hook[Page]("pages of the personal space", same=lambda new, known: new.slug == known.slug)


def page_at(slug: str) -> Page | None:
    return next((page for page in PAGES if page.slug == slug), None)
