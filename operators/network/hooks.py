"""What upper subjects also show on the public pages of sites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part

if TYPE_CHECKING:
    from operators.network.models import Site


@dataclass(frozen=True)
class ReadSite:
    """The public page of a site, read now."""

    site: Site
    now: datetime


@dataclass(frozen=True)
class ReadSites:
    """Several sites of a public list, read now."""

    sites: Sequence[Site]
    now: datetime


@dataclass(frozen=True)
class NextSlot:
    """The first hour at which a site may still receive somebody, and how: values of `Mode`."""

    starts_at: datetime
    modes: tuple[str, ...]


NEXT_SLOTS = Hook[Callable[[ReadSites], dict[int, NextSlot]]]("next free hour of each site, by its key")
PARTS = Hook[PagePart[ReadSite]]("parts of a site's page", same=is_same_part)


def next_slots(read: ReadSites) -> dict[int, NextSlot]:
    """The next free hour by site; a site where nothing is free has none."""
    return {key: slot for answer in NEXT_SLOTS for key, slot in answer(read).items()}
