from cep_portal.common.navigation import MENU, Entry
from operators.menus import FRANCE_COMPETENCES, MANAGER, OPERATORS, SUPPLY


def contribute() -> None:
    MENU.add(
        Entry("Couverture", "operators:coverage", MANAGER, order=24, group=SUPPLY),
        Entry("Couverture", "operators:coverage", FRANCE_COMPETENCES, order=57, group=OPERATORS),
    )
