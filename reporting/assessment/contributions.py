from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Reading, Source, Task, Tasks
from cep_portal.common.wording.dates import long_month
from procurement.commitments.hooks import INDICATORS, Indicator
from procurement.contracts.hooks import PARTS
from procurement.menus import EXECUTION
from reporting.assessment.selectors import assessment_list, commitment_part
from reporting.kpis.enums import RunState
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import last_closed_month


def to_assess(reading: Reading) -> Tasks:
    """The closed month, until it is compared with the commitments."""
    month = last_closed_month(reading.today).starts_on
    if assessment_list().filter(month=month, state=RunState.DONE).exists():
        return Tasks()
    task = Task("Lancer le constat du mois :", long_month(month), reverse("reporting:assessments"))
    return Tasks([task], 1)


def contribute() -> None:
    INDICATORS.add(*(_indicator(definition) for definition in DEFINITIONS.values()))
    PARTS.add(PagePart("Engagements", "reporting/assessment/panel.html", commitment_part), order=10)
    managers = frozenset({Role.CONTRACT_MANAGER})
    TO_DOS.add(Source("assessment", "Constats", managers, to_assess), order=30)
    MENU.add(Entry("Constats mensuels", "reporting:assessments", managers, order=65, group=EXECUTION))


def _indicator(definition: KpiDefinition) -> Indicator:
    unit, decimals = definition.short_unit, definition.decimals
    return Indicator(definition.code, definition.label, unit, definition.formula, decimals)
