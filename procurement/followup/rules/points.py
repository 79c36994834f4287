"""The clause of missed targets: a gap falls in a band, a band gives points, a point costs (P5)."""

from decimal import ROUND_HALF_UP, Decimal

from cep_portal.common.money import round_cents
from cep_portal.common.wording.numbers import euros, group
from cep_portal.common.wording.typography import NO_BREAK_SPACE
from procurement.commitments.enums import Comparison
from procurement.followup.errors import PenaltyClauseUnknown
from procurement.followup.rules.trace import Computation, Step

PLACES = 2
# Where a clause is silent: under this size a rate is not significant.
SMALLEST_SAMPLE = 30


def clause_of(*, params: dict, name: str) -> dict:
    """The clause a commitment refers to; raises PenaltyClauseUnknown when it is no scale of points."""
    clause = params.get(name)
    if clause is None or clause.get("kind") != "points":
        raise PenaltyClauseUnknown(f"Le référentiel de règles n’a pas de barème « {name} ».")
    return clause


def smallest_sample(*, clause: dict) -> int:
    """Under this denominator a rate is not significant and gives no penalty (INV-17)."""
    return clause.get("min_n", SMALLEST_SAMPLE)


def points(*, clause: dict, shortfall: Decimal, repeated: bool) -> int:
    """Points of a gap to the target, multiplied when the month before failed too (not compounding)."""
    base = _band_points(clause, shortfall)
    return base * clause["repeat_factor"] if repeated else base


def is_met(*, clause: dict, comparison: str, target: Decimal, measured: Decimal) -> bool:
    """Whether a measured value, rounded to the declared decimals (INV-18), keeps the commitment."""
    return _shortfall(comparison, target, _rounded(clause, measured)) <= 0


def missed_target(
    *,
    clause: dict,
    comparison: str,
    target: Decimal,
    measured: Decimal,
    repeated: bool,
    unit: str = "",
) -> Computation:
    """The penalty, outside VAT, of a measured value that does not keep the commitment."""
    value = _rounded(clause, measured)
    shortfall = _shortfall(comparison, target, value)
    scored = points(clause=clause, shortfall=shortfall, repeated=repeated)
    each = Decimal(clause["amount_per_point"])
    amount = round_cents(scored * each)
    steps = (
        _shortfall_step(comparison, target, value, shortfall, unit),
        _band_step(clause, shortfall),
        _repeat_step(clause, shortfall, scored, repeated=repeated),
        Step(
            "Montant",
            f"{_points(scored)} ; {euros(each)} le point",
            f"{scored} × {euros(each)}",
            euros(amount),
        ),
    )
    return Computation(amount, steps)


def _rounded(clause: dict, value: Decimal) -> Decimal:
    places = clause.get("decimals", PLACES)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _shortfall(comparison: str, target: Decimal, value: Decimal) -> Decimal:
    return target - value if comparison == Comparison.AT_LEAST else value - target


def _band_points(clause: dict, shortfall: Decimal) -> int:
    for band in clause["bands"]:
        if shortfall < Decimal(band["shortfall_below"]):
            return band["points"]
    return clause["beyond_points"]


def _points(scored: int) -> str:
    return f"{scored} points" if scored > 1 else f"{scored} point"


def _figure(value: Decimal, unit: str) -> str:
    return f"{group(value, PLACES)}{NO_BREAK_SPACE}{unit}" if unit else group(value, PLACES)


def _shortfall_step(comparison: str, target: Decimal, value: Decimal, shortfall: Decimal, unit: str) -> Step:
    first, second = (target, value) if comparison == Comparison.AT_LEAST else (value, target)
    return Step(
        "Écart à l’engagement",
        f"engagement {Comparison(comparison).label} {_figure(target, unit)} ;"
        f" constaté {_figure(value, unit)}",
        f"{group(first, PLACES)} − {group(second, PLACES)}",
        group(shortfall, PLACES),
    )


def _band_step(clause: dict, shortfall: Decimal) -> Step:
    scale = " ; ".join(
        f"moins de {group(Decimal(band['shortfall_below']), 1)} : {band['points']}"
        for band in clause["bands"]
    )
    return Step(
        "Points du barème",
        f"écart {group(shortfall, PLACES)}",
        f"{scale} ; au-delà : {clause['beyond_points']}",
        str(_band_points(clause, shortfall)),
    )


def _repeat_step(clause: dict, shortfall: Decimal, scored: int, *, repeated: bool) -> Step:
    factor = clause["repeat_factor"] if repeated else 1
    return Step(
        "Répétition",
        "engagement déjà manqué le mois précédent" if repeated else "engagement non manqué le mois précédent",
        f"{_band_points(clause, shortfall)} × {factor}",
        _points(scored),
    )
