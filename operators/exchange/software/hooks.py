"""What upper subjects add to the page of integrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, is_same_part

if TYPE_CHECKING:
    from cep_portal.accounts.models import User


@dataclass(frozen=True)
class ReadIntegrations:
    """Who reads the page of integrations, now; two queries at most for each part."""

    user: User
    now: datetime


PARTS = Hook[PagePart[ReadIntegrations]]("parts of the page of integrations", same=is_same_part)
