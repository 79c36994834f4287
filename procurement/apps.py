from django.apps import AppConfig

from cep_portal.common.subjects import contribute
from procurement.subjects import SUBJECTS


class ProcurementConfig(AppConfig):
    name = "procurement"
    verbose_name = "achat"

    def ready(self) -> None:
        contribute(self.name, *SUBJECTS)
