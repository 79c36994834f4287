from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "cep_portal.territories"
    label = "territories"
    verbose_name = "territoires"

    def ready(self) -> None:
        from cep_portal.accounts.registry import register_regions
        from cep_portal.territories.models import Region

        register_regions(lambda: dict(Region.objects.order_by("name").values_list("code", "name")))
