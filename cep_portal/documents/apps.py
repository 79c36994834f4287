from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "cep_portal.documents"
    label = "documents"
    verbose_name = "documents"

    def ready(self) -> None:
        from cep_portal.documents import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
