from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from procurement.menus import CONTRACT


def contribute() -> None:
    manager = frozenset({Role.OPERATOR_MANAGER})
    MENU.add(Entry("Mon contrat", "procurement:own_commitments", manager, order=60, group=CONTRACT))
