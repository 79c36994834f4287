from django.apps import AppConfig

from cep_portal.common.subjects import contribute


class MessagingConfig(AppConfig):
    name = "cep_portal.messaging"
    label = "messaging"
    verbose_name = "messages"

    def ready(self) -> None:
        contribute(self.name)
