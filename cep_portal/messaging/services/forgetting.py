"""What the outbox forgets of a person at erasure; the rows stay, so the monitor's counts do not move."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q

from cep_portal.messaging.enums import MessageChannel, MessageState, Withdrawn
from cep_portal.messaging.models import Message

NOBODY = {MessageChannel.EMAIL: "personne@efface.invalid", MessageChannel.SMS: "+33000000000"}
NO_TEXT: dict[str, Any] = {
    "facts": {},
    "subject": "",
    "body": "",
    "attachment_name": "",
    "attachment": "",
    "last_error": "",
    "bounce_reason": "",
}


def claim_messages(*, recipient: str, person_key: str) -> int:
    """Tie to a person the messages sent to an address before it changes: the export and the erasure find
    them by the person. Those tied to somebody else, of a shared mailbox, stay theirs.
    """
    return Message.objects.filter(recipient__iexact=recipient, person_key="").update(person_key=person_key)


@transaction.atomic
def forget_messages(*, person_key: str, recipients: Collection[str]) -> int:
    """Take addresses and texts away from a person's messages and withdraw those not sent; how many."""
    own = Message.objects.filter(Q(person_key=person_key) | Q(recipient__in=recipients, person_key=""))
    keys = list(own.values_list("pk", flat=True))
    own = Message.objects.filter(pk__in=keys)
    own.filter(state=MessageState.DUE).update(state=MessageState.CANCELLED, withdrawn=Withdrawn.BY_ACT)
    for channel, nobody in NOBODY.items():
        own.filter(channel=channel).update(recipient=nobody, person_key=person_key, **NO_TEXT)
    return len(keys)
