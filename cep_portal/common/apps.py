from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "cep_portal.common"
    label = "common"
    verbose_name = "noyau"
