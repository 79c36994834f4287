from anymail.signals import tracking
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.to_do import QUEUES, Queue, Reading, TeamQueues
from cep_portal.messaging import selectors
from cep_portal.messaging.adapters.anymail import note_email_event


def late_messages(reading: Reading) -> list[Queue]:
    """How many messages should have left and did not; one query."""
    late = selectors.outbox_state(now=reading.now).late
    return [Queue("Messages qui ne partent pas", reverse("messaging:message_list"), late)]


def contribute() -> None:
    QUEUES.add(TeamQueues("late_messages", frozenset({Role.ADMINISTRATOR}), late_messages))
    tracking.connect(note_email_event, dispatch_uid="messaging.tracking")
    MENU.add(Entry("Messages", "messaging:message_list", frozenset({Role.ADMINISTRATOR}), order=80))
