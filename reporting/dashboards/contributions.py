from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry

ANALYST = frozenset({Role.ANALYST})


def contribute() -> None:
    others = frozenset(Role.of_france_competences) - ANALYST
    MENU.add(
        Entry("France", "reporting:national", ANALYST, order=10),
        Entry("France", "reporting:national", others, order=60),
        Entry("Mon lot", "reporting:lot", frozenset({Role.OPERATOR_MANAGER}), order=10),
    )
