from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    name = "cep_portal.territories"
    label = "territories"
    verbose_name = "territoires"

    def ready(self) -> None:
        from cep_portal.territories import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        from cep_portal.accounts.registry import register_regions  # noqa: PLC0415 -- once apps are loaded
        from cep_portal.territories.models import Region  # noqa: PLC0415 -- once apps are loaded

        register_regions(lambda: dict(Region.objects.order_by("name").values_list("code", "name")))
