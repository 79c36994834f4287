from django.apps import AppConfig

from beneficiaries.subjects import SUBJECTS
from cep_portal.common.subjects import contribute


class BeneficiariesConfig(AppConfig):
    name = "beneficiaries"
    verbose_name = "bénéficiaires"

    def ready(self) -> None:
        contribute(self.name, *SUBJECTS)
