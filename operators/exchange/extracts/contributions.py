from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.messaging.hooks import COMPOSERS
from operators.exchange.extracts.services import messages
from operators.menus import DATA, MANAGER, OPERATORS


def contribute() -> None:
    COMPOSERS.add(*messages.COMPOSERS)
    contract_managers = frozenset({Role.CONTRACT_MANAGER})
    MENU.add(
        Entry("Extractions", "operators:extract_list", MANAGER, order=89, group=DATA),
        Entry("Extractions", "operators:extract_watch", contract_managers, order=59, group=OPERATORS),
    )
