from django.apps import AppConfig

from cep_portal.common.subjects import contribute


class DocumentsConfig(AppConfig):
    name = "cep_portal.documents"
    label = "documents"
    verbose_name = "documents"

    def ready(self) -> None:
        contribute(self.name)
