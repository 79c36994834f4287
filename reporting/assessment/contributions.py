from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from procurement.commitments.hooks import INDICATORS
from procurement.contracts.hooks import PARTS
from reporting.assessment.measures import measures
from reporting.assessment.selectors import commitment_part


def contribute() -> None:
    INDICATORS.add(*measures())
    PARTS.add(PagePart("Engagements", "reporting/assessment/panel.html", commitment_part), order=10)
    managers = frozenset({Role.CONTRACT_MANAGER})
    MENU.add(Entry("Constats mensuels", "reporting:assessments", managers, order=65))
