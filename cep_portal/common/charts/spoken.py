"""What a drawing says to who does not see it."""

from collections.abc import Iterable, Sequence

from cep_portal.common.charts import values as v
from cep_portal.common.charts.axis import Axis
from cep_portal.common.charts.values import Measure

NOTHING = "Aucune donnée à afficher."


def said(value: v.Value, measure: Measure) -> str:
    return v.text(value, measure.unit, measure.places)


def trend(label: str, points: Sequence[v.Value], axis: Axis, measure: Measure) -> str:
    """« Corse : de 6,2 en janvier 2025 à 7,1 en mars 2025 ; le plus haut, … ; le plus bas, …. »

    Silent on gaps and on what is not significant; empty when no value is known.
    """
    ranks = [rank for rank, value in enumerate(points) if v.is_known(value)]
    if not ranks:
        return ""
    words = {rank: f"{said(points[rank], measure)} {axis.spoken[rank]}" for rank in ranks}
    if len(ranks) == 1:
        return f"{label} : {words[ranks[0]]}."
    top = max(ranks, key=lambda rank: v.number(points[rank]))
    low = min(ranks, key=lambda rank: v.number(points[rank]))
    ends = f"{label} : de {words[ranks[0]]} à {words[ranks[-1]]}"
    return f"{ends} ; le plus haut, {words[top]} ; le plus bas, {words[low]}."


def extremes(pairs: Iterable[tuple[str, v.Value]], measure: Measure) -> str:
    """Highest and lowest of what is known, each with its name."""
    shown = [(name, value) for name, value in pairs if v.is_known(value)]
    if not shown:
        return NOTHING
    top = max(shown, key=lambda pair: v.number(pair[1]))
    low = min(shown, key=lambda pair: v.number(pair[1]))
    return (
        f"Le plus haut : {top[0]}, {said(top[1], measure)}. Le plus bas : {low[0]}, {said(low[1], measure)}."
    )
