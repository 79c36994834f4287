from cep_portal.common import subjects


class AccountsConfig(subjects.PortalConfig):
    name = "cep_portal.accounts"
    label = "accounts"
    verbose_name = "comptes et mandats"
