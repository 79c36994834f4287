"""Who reads what of a figure: the one function of pages, CSV, API and packs (ADR 0070).

What is shown depends on who reads, what is cut, when, and how many are counted: never on what they answered.
"""

from dataclasses import replace
from datetime import date
from enum import Enum

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from procurement.contracts.models import Contract
from reporting.kpis.rules.definitions import KpiDefinition
from reporting.kpis.rules.figures import Cell, Withheld, make_cell
from reporting.kpis.rules.periods import Period
from reporting.kpis.rules.ripeness import is_ripe

READABLE_N = 10  # under it a rate says more of persons than of a service
EXACT_N = 100  # under it the number counted is told as a band
DECIMAL_N = 200  # under it a decimal is noise, and would tell how many answered what
BANDS = ((READABLE_N, 29), (30, 49), (50, EXACT_N - 1))


class Reader(Enum):
    """In what quality somebody reads: what may be seen follows from it."""

    PARTY = "partie au contrat"
    STEERING = "France compétences"
    OUTSIDE = "dehors"


class Cut(Enum):
    """What a figure is a figure of."""

    FRANCE = "France"
    REGION = "région"
    LOT = "lot"


def reader(user: User, *, contract: Contract | None = None) -> Reader:
    """In what quality a user reads the figures of a contract, or the released ones without a contract.

    The parties of a contract know its figures: its holder's managers, who manages, analyses and decides.
    """
    if contract is not None and _is_party(user, contract):
        return Reader.PARTY
    return Reader.STEERING if user.role in Role.of_france_competences else Reader.OUTSIDE


def is_holder(user: User, contract: Contract) -> bool:
    mandate = user.mandate
    return (
        mandate is not None
        and mandate.role == Role.OPERATOR_MANAGER
        and mandate.organisation_id == contract.holder_id
    )


def _is_party(user: User, contract: Contract) -> bool:
    return user.role in (Role.ANALYST, Role.CONTRACT_MANAGER, Role.DECIDER) or is_holder(user, contract)


def as_read(
    definition: KpiDefinition, cell: Cell, *, cut: Cut, period: Period, reader: Reader, on: date
) -> Cell:
    """What a reader sees, on a day, of an exact cell.

    Parties read it whole. Others read counts of acts exactly, and rates and means rounded to the whole under
    DECIMAL_N counted, their size as a band under EXACT_N, nothing under READABLE_N. A running month is read
    of France only; who is outside reads nothing before it is ripe.
    """
    if cell.value is None:
        return cell
    ripe = is_ripe(definition, period, on=on)
    seen = cell if ripe else replace(cell, unripe=True)
    if reader is Reader.PARTY:
        return seen
    if not period.is_closed(on) and cut is not Cut.FRANCE:
        return _withheld(Withheld.RUNNING)
    if not ripe and reader is Reader.OUTSIDE:
        return _withheld(Withheld.UNRIPE)
    return seen if definition.factor is None else _released(definition, seen)


def _released(definition: KpiDefinition, cell: Cell) -> Cell:
    counted = cell.denominator or 0
    if counted < READABLE_N:
        return _withheld(Withheld.TOO_FEW)
    if counted >= DECIMAL_N:
        return cell
    whole = make_cell(definition, cell.numerator or 0, counted, places=0)
    band = next((f"{low} à {high}" for low, high in BANDS if low <= counted <= high), "")
    return replace(
        whole, numerator=None, denominator=None if band else counted, band=band, unripe=cell.unripe
    )


def _withheld(reason: Withheld) -> Cell:
    return Cell(None, None, None, withheld=reason)
