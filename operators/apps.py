from django.apps import AppConfig

from cep_portal.common.subjects import contribute
from operators.subjects import SUBJECTS


class OperatorsConfig(AppConfig):
    name = "operators"
    verbose_name = "opérateurs"

    def ready(self) -> None:
        contribute(self.name, *SUBJECTS)
