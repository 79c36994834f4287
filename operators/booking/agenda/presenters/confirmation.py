"""What is said of the confirmation of an appointment: only what left, or is leaving."""

from collections.abc import Collection

from cep_portal.common.wording.numbers import plural
from cep_portal.messaging.enums import MessageChannel, MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.selectors import messages_by_key
from cep_portal.messaging.wording import has_reached
from operators.booking.agenda.models import Replacement

NOTHING = "Aucun message ne part : nous n’avons ni adresse ni mobile où vous écrire. Notez la date."
LOST = "La confirmation n’a pas pu partir. Notez la date, et gardez l’adresse de cette page."


def confirmation_sentence(written: list[Message]) -> str:
    """For the person: where the confirmation goes, or why nothing comes."""
    reached = [message for message in written if has_reached(message)]
    if not reached:
        return LOST if written else NOTHING
    is_sms = [message.channel == MessageChannel.SMS for message in reached]
    ways = ["par SMS" if by_sms else "à votre adresse" for by_sms in is_sms]
    verb = "est partie" if all(message.state == MessageState.SENT for message in reached) else "part"
    return f"La confirmation {verb} {' et '.join(ways)}."


def people_told(replaced: Collection[Replacement]) -> str:
    """How many of the people whose hour is taken back were written to, and how many are left to call."""
    if not replaced:
        return "Aucun rendez-vous n’était pris."
    by_key = messages_by_key(keys=[replacement.message_key for replacement in replaced])
    told = sum(any(has_reached(message) for message in written) for written in by_key.values())
    left = len(replaced) - told
    parts = []
    if told:
        parts.append(
            f"{told} personne{plural(told)} {'est' if told == 1 else 'sont'} prévenue{plural(told)}."
        )
    if left:
        parts.append(
            f"{left} {'reste' if left == 1 else 'restent'} à appeler : nous n’avons pas où leur écrire."
        )
    return " ".join([*parts, "Leurs réponses s’affichent dans « Remplacements »."])
