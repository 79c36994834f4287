from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "cep_portal.messaging"
    label = "messaging"
    verbose_name = "messages"

    def ready(self) -> None:
        from cep_portal.accounts.enums import Role  # noqa: PLC0415 -- once apps are loaded
        from cep_portal.common.navigation import Entry, register  # noqa: PLC0415 -- once apps are loaded

        register(Entry("Messages", "messaging:message_list", frozenset({Role.ADMINISTRATOR}), order=80))
