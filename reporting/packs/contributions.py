from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry


def contribute() -> None:
    MENU.add(Entry("Dossiers", "reporting:committee", frozenset({Role.COMMITTEE_MEMBER}), order=10))
