"""What a commitment may be measured by, as reporting tells it."""

from dataclasses import dataclass

from cep_portal.common.hooks import Hook


@dataclass(frozen=True)
class Indicator:
    """Label, short unit and formula in French, decimals: as pages and letters print them."""

    code: str
    label: str
    unit: str
    formula: str = ""
    places: int = 2


INDICATORS = Hook[Indicator]("measure of a commitment", same=lambda new, known: new.code == known.code)


def indicator(code: str) -> Indicator:
    """The indicator of a code; a code that nobody gives any more stands for itself."""
    return next((known for known in INDICATORS if known.code == code), Indicator(code, code, ""))


def is_known(code: str) -> bool:
    return any(known.code == code for known in INDICATORS)
