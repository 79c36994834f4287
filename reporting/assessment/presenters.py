"""The figure of a penalty beside what the same month counts today, for the page of the penalty."""

from procurement.followup.hooks import FigureShown
from procurement.followup.models import Penalty
from reporting.closings.models import FrozenValue
from reporting.closings.selectors.files import frozen_text
from reporting.kpis.rules import make_cell
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.wording import figure


def figure_of(penalty: Penalty) -> FigureShown | None:
    """The frozen figure that a penalty names, and the fresh one; None before the first closings."""
    if penalty.figure_ref is None:
        return None
    value = FrozenValue.objects.select_related("closing").filter(uuid=penalty.figure_ref).first()
    if value is None:
        return None
    latest = value.restatements.order_by("-quarter").first()
    if latest is None:
        return FigureShown(value.uuid, value.closing.number, value.sha256, frozen_text(value), "")
    definition = DEFINITIONS[value.kpi]
    fresh = figure(definition, make_cell(definition, latest.numerator, latest.denominator))
    return FigureShown(value.uuid, value.closing.number, value.sha256, frozen_text(value), fresh)
