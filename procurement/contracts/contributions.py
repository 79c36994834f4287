from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry

CONTRACT_MANAGER = frozenset({Role.CONTRACT_MANAGER})


def contribute() -> None:
    others = frozenset(Role.of_france_competences) - CONTRACT_MANAGER
    MENU.add(
        Entry("Mes contrats", "procurement:contract_list", CONTRACT_MANAGER, order=10),
        Entry("Contrats", "procurement:contract_list", others, order=50),
    )
