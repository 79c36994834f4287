from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry


def contribute() -> None:
    MENU.add(Entry("Mon espace", "beneficiaries:space", frozenset({Role.BENEFICIARY}), order=10))
