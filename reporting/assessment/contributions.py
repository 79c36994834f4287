from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from procurement.commitments.hooks import INDICATORS, Indicator
from procurement.contracts.hooks import PARTS
from procurement.followup.hooks import FIGURES
from procurement.menus import EXECUTION
from reporting.assessment.presenters import figure_of
from reporting.assessment.selectors import commitment_part, results_part
from reporting.assessment.services import assess_closing
from reporting.closings.hooks import FOLLOWERS, Frozen
from reporting.closings.hooks import PARTS as CLOSING_PARTS
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition


def assess(frozen: Frozen) -> None:
    assess_closing(closing=frozen.closing, now=frozen.now)


def contribute() -> None:
    INDICATORS.add(*(_indicator(definition) for definition in DEFINITIONS.values()))
    PARTS.add(PagePart("Engagements", "reporting/assessment/panel.html", commitment_part), order=10)
    FOLLOWERS.add(assess, order=10)
    CLOSING_PARTS.add(PagePart("Engagements", "reporting/assessment/results.html", results_part), order=10)
    FIGURES.add(figure_of)
    steering = frozenset({Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER})
    MENU.add(Entry("Constats mensuels", "reporting:assessments", steering, order=63, group=EXECUTION))


def _indicator(definition: KpiDefinition) -> Indicator:
    unit, decimals = definition.short_unit, definition.decimals
    return Indicator(definition.code, definition.label, unit, definition.formula, decimals)
