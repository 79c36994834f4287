from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from operators.menus import DATA, MANAGER, OPERATORS


def contribute() -> None:
    contract_managers = frozenset({Role.CONTRACT_MANAGER})
    MENU.add(
        Entry("Extractions", "operators:extract_list", MANAGER, order=89, group=DATA),
        Entry("Extractions", "operators:extract_watch", contract_managers, order=59, group=OPERATORS),
    )
