"""What upper subjects do of a frozen month, and add to the page of a closing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, ShownPart, is_same_part, shown_parts

if TYPE_CHECKING:
    from cep_portal.accounts.models import User
    from reporting.closings.models import Closing


@dataclass(frozen=True)
class Frozen:
    """A closing that was frozen, in the transaction of the act: its figures are final."""

    closing: Closing
    now: datetime


@dataclass(frozen=True)
class ReadClosing:
    """A closing, as somebody of France compétences reads it."""

    closing: Closing
    user: User


PARTS = Hook[PagePart[ReadClosing]]("parts of a closing's page", same=is_same_part)
FOLLOWERS = Hook[Callable[[Frozen], None]]("what follows a frozen month")


def parts_for(*, closing: Closing, user: User) -> list[ShownPart]:
    return shown_parts(PARTS, ReadClosing(closing, user))
