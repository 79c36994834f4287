"""How far a share may be from what was counted: Wilson's interval at 95 %, in Decimal."""

from decimal import Decimal

from reporting.kpis.rules.definitions import KpiDefinition
from reporting.kpis.rules.figures import Cell

Z = Decimal("1.96")
HUNDRED = Decimal(100)

type Interval = tuple[Decimal, Decimal]


def interval(definition: KpiDefinition, cell: Cell) -> Interval | None:
    """Lowest and highest percentage, from what the cell shows and nothing else; None unless it is a share.

    The size told as a band counts as its smallest: an interval may be too wide, never too narrow.
    """
    counted = cell.denominator or int(cell.band.partition(" ")[0] or 0)
    if definition.factor != HUNDRED or cell.value is None or cell.unripe or not counted:
        return None
    return wilson(cell.value, counted)


def wilson(percentage: Decimal, counted: int) -> Interval:
    """Percentages around the one found in `counted` answers: 89 of 100 answers give 81.4 to 93.7."""
    share, square = percentage / HUNDRED, Z * Z
    middle = share + square / (2 * counted)
    half = Z * (share * (1 - share) / counted + square / (4 * counted * counted)).sqrt()
    under = 1 + square / counted
    return max(Decimal(0), (middle - half) / under * HUNDRED), min(HUNDRED, (middle + half) / under * HUNDRED)
