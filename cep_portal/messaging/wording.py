"""What became of a message, in words: nothing is said to be sent that did not leave."""

from cep_portal.common.phones import phone
from cep_portal.messaging.enums import MessageChannel, MessageState
from cep_portal.messaging.models import Message


def has_reached(message: Message) -> bool:
    """It left, or is about to, and nobody sent it back."""
    return message.bounced_at is None and message.state not in MessageState.lost


def fate(message: Message) -> str:
    """« courriel à camille@exemple.fr : envoyé »."""
    if message.channel == MessageChannel.SMS:
        return f"SMS au {phone(message.recipient)} : {_state(message)}"
    return f"courriel à {message.recipient} : {_state(message)}"


def _state(message: Message) -> str:
    if message.bounced_at is not None:
        return "refusé"
    if message.state == MessageState.SENT:
        return "envoyé"
    return "il part" if message.state == MessageState.DUE else "il n’est pas parti"
