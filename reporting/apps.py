from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common import navigation
from cep_portal.common.navigation import Entry


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "pilotage"

    def ready(self) -> None:
        from reporting import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        from beneficiaries.space import registry as space  # noqa: PLC0415 -- models load later
        from procurement.commitments import registry  # noqa: PLC0415 -- models load later
        from procurement.contracts.registry import Panel, register_panel  # noqa: PLC0415 -- models load later
        from reporting.assessment.measures import measures  # noqa: PLC0415 -- models load later
        from reporting.assessment.selectors import commitment_panel  # noqa: PLC0415 -- models load later
        from reporting.surveys.panels import survey_panel  # noqa: PLC0415 -- models load later

        space.register_panel(
            title="Ce que vous pouvez faire",
            order=20,
            context=survey_panel,
            template="reporting/surveys/panel.html",
        )
        registry.register(*measures())
        register_panel(Panel("Engagements", "reporting/assessment/panel.html", commitment_panel, order=10))
        others = frozenset(Role.of_france_competences) - {Role.ANALYST}
        navigation.register(
            Entry("France", "reporting:national", frozenset({Role.ANALYST}), order=10),
            Entry("France", "reporting:national", others, order=60),
            Entry("Mon lot", "reporting:lot", frozenset({Role.OPERATOR_MANAGER}), order=10),
            Entry("Dossiers", "reporting:committee", frozenset({Role.COMMITTEE_MEMBER}), order=10),
            Entry("Constats mensuels", "reporting:assessments", frozenset({Role.CONTRACT_MANAGER}), order=65),
        )
