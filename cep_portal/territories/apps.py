from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "cep_portal.territories"
    label = "territories"
    verbose_name = "territoires"
