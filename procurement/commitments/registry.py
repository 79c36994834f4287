"""What a commitment may be measured by: filled from above, by reporting, in AppConfig.ready()."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Indicator:
    """Label, short unit and formula in French, decimals: as pages and letters print them."""

    code: str
    label: str
    unit: str
    formula: str = ""
    places: int = 2


_indicators: dict[str, Indicator] = {}


def register(*indicators: Indicator) -> None:
    """Add indicators; a code registered twice is an error."""
    for one in indicators:
        if one.code in _indicators:
            raise ValueError(f"indicator registered twice: {one.code}")
        _indicators[one.code] = one


def indicators() -> list[Indicator]:
    return list(_indicators.values())


def indicator(code: str) -> Indicator:
    """The indicator of a code; a code no longer registered stands for itself."""
    return _indicators.get(code, Indicator(code, code, ""))


def is_known(code: str) -> bool:
    return code in _indicators
