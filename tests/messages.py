"""The words of messages, as the worker writes them just before sending; here, nothing leaves."""

from django.db.models import Q

from cep_portal.messaging.models import Message
from cep_portal.messaging.services import compose


def composed(message: Message) -> Message:
    """The message, with its words written and saved. Raises as the composer does."""
    message.save(update_fields=compose(message, now=message.due_at))
    return message


def compose_all() -> None:
    """Write the words of all that waits, as workers do between two acts of a test."""
    for message in Message.objects.filter(~Q(news=""), body="").order_by("pk"):
        composed(message)
