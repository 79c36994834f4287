from django.apps import AppConfig

from cep_portal.common.subjects import contribute
from reporting.subjects import SUBJECTS


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "pilotage"

    def ready(self) -> None:
        contribute(self.name, *SUBJECTS)
