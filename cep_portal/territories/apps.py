from django.apps import AppConfig

from cep_portal.common.subjects import contribute


class TerritoriesConfig(AppConfig):
    name = "cep_portal.territories"
    label = "territories"
    verbose_name = "territoires"

    def ready(self) -> None:
        contribute(self.name)
