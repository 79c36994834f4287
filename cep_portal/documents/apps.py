from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "cep_portal.documents"
    label = "documents"
    verbose_name = "documents"
