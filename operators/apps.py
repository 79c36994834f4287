from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common import navigation
from cep_portal.common.navigation import Entry


class OperatorsConfig(AppConfig):
    name = "operators"
    verbose_name = "opérateurs"

    def ready(self) -> None:
        navigation.register(
            Entry("Aujourd’hui", "operators:today", frozenset({Role.ADVISER}), order=10),
            Entry("Parcours", "operators:pathway_list", frozenset({Role.ADVISER}), order=20),
            Entry("Demandes et appels", "operators:request_list", frozenset({Role.INTAKE_OFFICER}), order=10),
        )
