from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common import navigation
from cep_portal.common.navigation import Entry

FRANCE_COMPETENCES = frozenset(Role.of_france_competences)
CONTRACT = "Contrat"
STEERING = frozenset({Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER})


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = "achat"

    def ready(self) -> None:
        from procurement import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        from procurement.contracts.registry import Panel, register_panel  # noqa: PLC0415 -- models load later
        from procurement.followup.selectors import penalty_panel  # noqa: PLC0415 -- models load later

        register_panel(Panel("Pénalités", "procurement/followup/panel.html", penalty_panel, order=20))
        navigation.register(
            Entry("Mes contrats", "procurement:contract_list", frozenset({Role.CONTRACT_MANAGER}), order=10),
            Entry(
                "Contrats",
                "procurement:contract_list",
                FRANCE_COMPETENCES - {Role.CONTRACT_MANAGER},
                order=50,
            ),
            Entry("Marchés", "procurement:market_list", frozenset({Role.BUYER}), order=10),
            Entry("Marchés", "procurement:market_list", FRANCE_COMPETENCES - {Role.BUYER}, order=55),
            Entry("À décider", "procurement:to_decide", frozenset({Role.DECIDER}), order=10),
            Entry("Pénalités", "procurement:penalty_list", STEERING, order=60),
            Entry(
                "Mon contrat",
                "procurement:own_commitments",
                frozenset({Role.OPERATOR_MANAGER}),
                order=60,
                group=CONTRACT,
            ),
            Entry(
                "Pénalités",
                "procurement:own_penalty_list",
                frozenset({Role.OPERATOR_MANAGER}),
                order=70,
                group=CONTRACT,
            ),
        )
