from cep_portal.common.navigation import MENU, Entry
from operators.menus import MANAGER, NETWORK


def contribute() -> None:
    MENU.add(Entry("Sites et équipe", "operators:team", MANAGER, order=30, group=NETWORK))
