from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "cep_portal.messaging"
    label = "messaging"
    verbose_name = "messages"
