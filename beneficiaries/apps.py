from django.apps import AppConfig


class BeneficiariesConfig(AppConfig):
    name = "beneficiaries"
    verbose_name = "bénéficiaires"

    def ready(self) -> None:
        from beneficiaries.space.panels import requests_panel  # noqa: PLC0415 -- models load later
        from beneficiaries.space.registry import register_panel  # noqa: PLC0415 -- models load later
        from cep_portal.accounts.enums import Role  # noqa: PLC0415 -- models load later
        from cep_portal.common.navigation import MENU, Entry  # noqa: PLC0415 -- models load later

        self._declare()
        MENU.add(
            Entry("Mon espace", "beneficiaries:space", frozenset({Role.BENEFICIARY}), order=10),
            Entry(
                "Réclamations",
                "beneficiaries:complaint_list",
                frozenset({Role.OPERATOR_MANAGER}),
                order=56,
                group="À suivre",
            ),
            Entry(
                "Réclamations",
                "beneficiaries:complaint_counts",
                frozenset(Role.of_france_competences),
                order=70,
            ),
        )
        register_panel(
            title="Mes demandes",
            order=50,
            context=requests_panel,
            template="beneficiaries/panels/requests.html",
        )

    @staticmethod
    def _declare() -> None:
        from beneficiaries import personal_data  # noqa: PLC0415 -- models load later
        from beneficiaries.complaints.selectors import complained_since  # noqa: PLC0415 -- models load later
        from beneficiaries.request.selectors import asked_since  # noqa: PLC0415 -- models load later
        from beneficiaries.rights.registry import register_activity  # noqa: PLC0415 -- models load later

        personal_data.declare()
        register_activity(asked_since)
        register_activity(complained_since)
