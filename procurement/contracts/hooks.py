"""The parts of a contract's page that the subjects above give: commitments, penalties, orders…"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cep_portal.common.hooks import Hook
from cep_portal.common.page_parts import PagePart, ShownPart, is_same_part, shown_parts

if TYPE_CHECKING:
    from cep_portal.accounts.models import User
    from procurement.contracts.models import Contract


@dataclass(frozen=True)
class ReadContract:
    """A contract, who reads its page, and the day."""

    contract: Contract
    user: User
    on: date


PARTS = Hook[PagePart[ReadContract]]("parts of a contract's page", same=is_same_part)


def parts_for(*, contract: Contract, user: User, on: date) -> list[ShownPart]:
    return shown_parts(PARTS, ReadContract(contract, user, on))
