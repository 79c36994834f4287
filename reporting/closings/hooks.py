"""What upper subjects do of a month that has just been frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from reporting.closings.models import Closing


@dataclass(frozen=True)
class Frozen:
    """A closing that was frozen, in the transaction of the act: its figures are final."""

    closing: Closing
    now: datetime


FOLLOWERS = Hook[Callable[[Frozen], None]]("what follows a frozen month")
