from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common import navigation
from cep_portal.common.navigation import Entry

STEERING = frozenset({Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER})


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = "achat"

    def ready(self) -> None:
        navigation.register(
            Entry("À décider", "procurement:to_decide", frozenset({Role.DECIDER}), order=10),
            Entry("Pénalités", "procurement:penalty_list", STEERING, order=60),
            Entry("Engagements et plans", "procurement:own_commitments", frozenset({Role.OPERATOR_MANAGER}), order=60),
            Entry("Pénalités", "procurement:own_penalty_list", frozenset({Role.OPERATOR_MANAGER}), order=70),
        )
