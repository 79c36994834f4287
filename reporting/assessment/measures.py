"""The indicators that a commitment may be measured by, told to procurement from above."""

from procurement.commitments.registry import Indicator
from reporting.kpis.registry import DEFINITIONS


def measures() -> list[Indicator]:
    return [Indicator(one.code, one.label, one.short_unit, one.formula) for one in DEFINITIONS.values()]
