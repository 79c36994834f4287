from anymail.signals import tracking

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.messaging.adapters.anymail import note_email_event


def contribute() -> None:
    tracking.connect(note_email_event, dispatch_uid="messaging.tracking")
    MENU.add(Entry("Messages", "messaging:message_list", frozenset({Role.ADMINISTRATOR}), order=80))
