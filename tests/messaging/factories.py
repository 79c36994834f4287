from datetime import UTC, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message

NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    """A message due now; `sent=True`, `expired=True` for what became of it."""

    class Meta:
        model = Message

    class Params:
        sent = factory.Trait(state=MessageState.SENT, sent_at=NOW)
        expired = factory.Trait(expires_at=NOW - timedelta(minutes=1), due_at=NOW - timedelta(days=1))

    key = factory.Sequence(lambda n: f"essai:{n}")
    recipient = factory.Sequence(lambda n: f"personne{n}@exemple.example")
    subject = "Votre rendez-vous du 12 décembre"
    body = "Bonjour,\n\nVotre rendez-vous : http://testserver/rendez-vous/essai/"
    created_at = NOW
    due_at = NOW
    expires_at = factory.LazyAttribute(lambda message: message.due_at + timedelta(days=2))
