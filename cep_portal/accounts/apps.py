from django.apps import AppConfig

from cep_portal.common.subjects import contribute


class AccountsConfig(AppConfig):
    name = "cep_portal.accounts"
    label = "accounts"
    verbose_name = "comptes et mandats"

    def ready(self) -> None:
        contribute(self.name)
