"""The indicators that a commitment may be measured by, told to procurement from above."""

from procurement.commitments.hooks import Indicator
from reporting.kpis.definitions import DEFINITIONS


def measures() -> list[Indicator]:
    return [
        Indicator(one.code, one.label, one.short_unit, one.formula, 0 if one.factor is None else 2)
        for one in DEFINITIONS.values()
    ]
