from cep_portal.common.navigation import MENU, Entry
from operators.menus import MANAGER, NETWORK


def contribute() -> None:
    MENU.add(
        Entry("Qualité de la saisie", "operators:log_quality", MANAGER, order=32, group=NETWORK),
        Entry("Premiers pas", "operators:first_steps", MANAGER, order=34, group=NETWORK),
    )
