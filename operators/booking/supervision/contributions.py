from cep_portal.common.navigation import MENU, Entry
from operators.menus import FRANCE_COMPETENCES, MANAGER, OPERATORS, SUPPLY


def contribute() -> None:
    MENU.add(
        Entry("Capacité", "operators:capacity", MANAGER, order=20, group=SUPPLY),
        Entry("Délais et créneaux", "operators:lot_supply", FRANCE_COMPETENCES, order=58, group=OPERATORS),
    )
