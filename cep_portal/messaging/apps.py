from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "cep_portal.messaging"
    label = "messaging"
    verbose_name = "messages"

    def ready(self) -> None:
        from anymail.signals import tracking  # noqa: PLC0415 -- once apps are loaded

        from cep_portal.messaging import personal_data  # noqa: PLC0415 -- models load later

        personal_data.declare()
        from cep_portal.accounts.enums import Role  # noqa: PLC0415 -- once apps are loaded
        from cep_portal.common.navigation import Entry, register  # noqa: PLC0415 -- once apps are loaded
        from cep_portal.messaging.events import note_email_event  # noqa: PLC0415 -- once apps are loaded

        tracking.connect(note_email_event, dispatch_uid="messaging.tracking")
        register(Entry("Messages", "messaging:message_list", frozenset({Role.ADMINISTRATOR}), order=80))
