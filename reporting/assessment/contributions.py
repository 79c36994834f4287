from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from procurement.commitments.hooks import INDICATORS, Indicator
from procurement.contracts.hooks import PARTS
from reporting.assessment.selectors import commitment_part
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition


def contribute() -> None:
    INDICATORS.add(*(_indicator(definition) for definition in DEFINITIONS.values()))
    PARTS.add(PagePart("Engagements", "reporting/assessment/panel.html", commitment_part), order=10)
    managers = frozenset({Role.CONTRACT_MANAGER})
    MENU.add(Entry("Constats mensuels", "reporting:assessments", managers, order=65))


def _indicator(definition: KpiDefinition) -> Indicator:
    decimals = 0 if definition.factor is None else 2
    return Indicator(definition.code, definition.label, definition.short_unit, definition.formula, decimals)
