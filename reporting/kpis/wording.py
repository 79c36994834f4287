"""Figures as words, the same in pages, tables, exports and PDF."""

from decimal import Decimal

from cep_portal.common.charts import TOO_FEW
from cep_portal.common.charts.values import Value, text
from cep_portal.common.wording.numbers import group
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from procurement.commitments.models import CommitmentVersion
from reporting.kpis.rules import Cell, Position, Withheld
from reporting.kpis.rules.definitions import NEUTRAL, KpiDefinition

WAITING = {Withheld.RUNNING: "en cours", Withheld.UNRIPE: "en attente"}


def drawn(cell: Cell) -> Value:
    """The cell as the charts take it: nothing is drawn of what is not ripe."""
    if cell.withheld is Withheld.TOO_FEW:
        return TOO_FEW
    return None if cell.unripe else cell.value


def figure(definition: KpiDefinition, cell: Cell) -> str:
    """« 88,9 % », « 89 % », « 1 204 », « n. s. », « en cours », « en attente » or « — »."""
    if cell.withheld in WAITING:
        return WAITING[cell.withheld]
    return text(TOO_FEW if cell.withheld else cell.value, definition.short_unit, cell.places)


def evolution(definition: KpiDefinition, change: Decimal | None, *, places: int = 1) -> str:
    """« +47,5 % », « −0,6 point », « +1,2 j »; empty when there is nothing to compare."""
    if change is None:
        return ""
    if definition.factor is None:
        unit = "%"
    elif definition.short_unit == "%":
        unit = "points" if abs(change) >= 2 else "point"
    else:
        unit, places = definition.short_unit, definition.decimals
    shown = group(change, places)
    sign = "+" if change > 0 and shown.strip("0,") else ""
    return f"{sign}{shown}{NO_BREAK_SPACE}{unit}".rstrip()


def target_text(definition: KpiDefinition, version: CommitmentVersion) -> str:
    """« au plus 10,0 j »."""
    promised = text(version.target, definition.short_unit, definition.decimals)
    return f"{version.get_comparison_display()} {promised}"


def standing(definition: KpiDefinition, position: Position) -> str:
    """« 3e sur 14 », « 1er ex æquo sur 14 », « 3e plus haut sur 14 » when nothing is wished."""
    rank = "1er" if position.rank == 1 else f"{position.rank}e"
    highest = " plus haut" if definition.direction == NEUTRAL else ""
    shared = " ex æquo" if position.is_shared else ""
    return f"{rank}{highest}{shared} sur {position.of}"


def quarter(definition: KpiDefinition, position: Position) -> tuple[str, str] | None:
    """Words and kind of a badge for the first and the last quarter of the lots; None between, or unjudged."""
    if definition.direction == NEUTRAL:
        return None
    return {1: ("premier quart", "success"), 4: ("dernier quart", "warning")}.get(position.quarter)
