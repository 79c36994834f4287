"""The first steps of an operator that upper subjects add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook

if TYPE_CHECKING:
    from cep_portal.accounts.models import User


@dataclass(frozen=True)
class Step:
    """Something to do once, done or not as the facts say; `url_name` is where it is done."""

    title: str
    text: str
    is_done: bool
    url_name: str
    is_optional: bool = False


@dataclass(frozen=True)
class Beginning:
    """Where the operator of a user stands, now."""

    user: User
    now: datetime


STEPS = Hook[Callable[[Beginning], Step]]("first steps of an operator")
