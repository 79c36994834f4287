from django.apps import AppConfig

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import Entry, register


class AccountsConfig(AppConfig):
    name = "cep_portal.accounts"
    label = "accounts"
    verbose_name = "comptes et mandats"

    def ready(self) -> None:
        register(
            Entry(
                "Mandats",
                "accounts:mandate_list",
                frozenset({Role.ADMINISTRATOR}),
                order=10,
            ),
        )
