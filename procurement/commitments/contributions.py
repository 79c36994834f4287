from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from procurement.commitments import selectors
from procurement.contracts.hooks import TALLIES
from procurement.menus import CONTRACT


def contribute() -> None:
    manager = frozenset({Role.OPERATOR_MANAGER})
    TALLIES.add(selectors.MEASURED, order=10)
    MENU.add(Entry("Mon contrat", "procurement:own_commitments", manager, order=60, group=CONTRACT))
