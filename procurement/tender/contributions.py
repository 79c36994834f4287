from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry

BUYER = frozenset({Role.BUYER})


def contribute() -> None:
    others = frozenset(Role.of_france_competences) - BUYER
    MENU.add(
        Entry("Marchés", "procurement:market_list", BUYER, order=10),
        Entry("Marchés", "procurement:market_list", others, order=55),
    )
