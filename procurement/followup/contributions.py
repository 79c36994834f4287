from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.messaging.hooks import COMPOSERS
from procurement.contracts.hooks import PARTS, TALLIES
from procurement.followup.selectors import PENALTY_TALLIES, penalty_part
from procurement.followup.services import messages
from procurement.menus import CONTRACT


def contribute() -> None:
    COMPOSERS.add(*messages.COMPOSERS)
    PARTS.add(PagePart("Pénalités", "procurement/followup/panel.html", penalty_part), order=20)
    TALLIES.add(*PENALTY_TALLIES, order=20)
    manager = frozenset({Role.OPERATOR_MANAGER})
    steering = frozenset({Role.ANALYST, Role.BUYER, Role.CONTRACT_MANAGER, Role.DECIDER})
    MENU.add(
        Entry("À décider", "procurement:to_decide", frozenset({Role.DECIDER}), order=10),
        Entry("Pénalités", "procurement:penalty_list", steering, order=60),
        Entry("Pénalités", "procurement:own_penalty_list", manager, order=70, group=CONTRACT),
    )
