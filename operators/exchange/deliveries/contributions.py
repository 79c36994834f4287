from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from operators.casework.pathways.hooks import PATHWAY_JOINS, PERSON_MERGES
from operators.exchange.deliveries.services.merges import join_keys, move_keys
from operators.menus import DATA, MANAGER, OPERATORS


def contribute() -> None:
    watchers = frozenset({Role.CONTRACT_MANAGER, Role.DECIDER, Role.ANALYST})
    MENU.add(
        Entry("Remontées", "operators:delivery_list", MANAGER, order=88, group=DATA),
        Entry("Remontées", "operators:supply", watchers, order=59, group=OPERATORS),
    )
    PERSON_MERGES.add(move_keys)
    PATHWAY_JOINS.add(join_keys)
