"""What upper subjects also show on the public page of a site."""

from __future__ import annotations

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


PARTS = Hook[PagePart[ReadSite]]("parts of a site's page", same=is_same_part)
