"""The parts of a contract's page that the subjects above give: commitments, penalties, orders…"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, ShownPart, is_same_part, shown_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Expression

    from cep_portal.accounts.models import User
    from procurement.contracts.models import Contract


@dataclass(frozen=True)
class ReadContract:
    """A contract, who reads its page, and the day."""

    contract: Contract
    user: User
    on: date


@dataclass(frozen=True)
class Tally:
    """A count that a subject gives for each contract of the list, within the list's own query.

    `count` is told the day and answers an expression over contracts; `words` writes a count above zero;
    `column` is one of MONTH and WAITING.
    """

    name: str
    column: str
    count: Callable[[date], Expression]
    words: Callable[[int], str]
    may_read: Callable[[User], bool]


MONTH, WAITING = "month", "waiting"
PARTS = Hook[PagePart[ReadContract]]("parts of a contract's page", same=is_same_part)
TALLIES = Hook[Tally]("counts of a contract in the list", same=lambda new, known: new.name == known.name)


def parts_for(*, contract: Contract, user: User, on: date) -> list[ShownPart]:
    return shown_parts(PARTS, ReadContract(contract, user, on))
