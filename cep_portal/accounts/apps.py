from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import Entry, register


class AccountsConfig(AppConfig):
    name = "cep_portal.accounts"
    label = "accounts"
    verbose_name = "comptes et mandats"

    def ready(self) -> None:
        from cep_portal.accounts import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        from cep_portal.accounts.middleware import see_session  # noqa: PLC0415 -- models load later

        user_logged_in.connect(see_session, dispatch_uid="accounts.see_session")
        register(
            Entry(
                "Mandats",
                "accounts:mandate_list",
                frozenset({Role.ADMINISTRATOR}),
                order=10,
            ),
        )
