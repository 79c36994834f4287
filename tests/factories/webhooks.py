"""Subscriptions of an operator's software; `url=` is a receiver's, `secret=` what signs."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from cep_portal.accounts.enums import Role
from operators.exchange.webhooks.enums import CHOSEN_KINDS, EventKind, MessageState, SubscriptionState
from operators.exchange.webhooks.gateways.sealing import seal_secret
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription, WebhookTry
from operators.exchange.webhooks.services.announcing import body_of
from tests.clock import moved
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.dates import instant

NOW = moved("2026-11-23 17:00")
SECRET = "whsec_dGVzdC1vbmx5LXdlYmhvb2stc2VjcmV0LTAxMjM0NTY="


class WebhookSubscriptionFactory(DjangoModelFactory):
    """Active, told of everything, signing with SECRET."""

    class Meta:
        model = WebhookSubscription

    class Params:
        secret = SECRET
        suspended = factory.Trait(
            state=SubscriptionState.SUSPENDED,
            suspended_at=instant("2026-11-23 17:00"),
            suspension="BY_MANAGER",
        )

    organisation = factory.SubFactory(OrganisationFactory)
    url = "https://crm.exemple.fr/mon-cep"
    kinds = factory.LazyFunction(lambda: [value for value, _label in CHOSEN_KINDS])
    created_at = instant("2026-11-23 17:00")
    created_by = factory.SubFactory(
        UserFactory,
        role=Role.OPERATOR_MANAGER,
        role__organisation=factory.SelfAttribute("...organisation"),
    )

    @classmethod
    def _create(cls, model_class, *args, secret=SECRET, **kwargs):
        subscription = model_class(*args, **kwargs)
        seal_secret(subscription, secret)
        subscription.save(force_insert=True)
        return subscription


class WebhookMessageFactory(DjangoModelFactory):
    """A booking to be told at once; `given_up=True` and `delivered=True` are over."""

    class Meta:
        model = WebhookMessage

    class Params:
        given_up = factory.Trait(state=MessageState.GIVEN_UP, next_try_at=None, tries=8)
        delivered = factory.Trait(
            state=MessageState.DELIVERED, next_try_at=None, tries=1, delivered_at=instant("2026-11-23 17:00")
        )

    subscription = factory.SubFactory(WebhookSubscriptionFactory)
    event = factory.LazyFunction(uuid4)
    kind = EventKind.APPOINTMENT_BOOKED
    body = factory.LazyAttribute(
        lambda row: body_of(EventKind(row.kind), {"id": str(uuid4()), "state": "BOOKED"}, now=NOW)
    )
    created_at = instant("2026-11-23 17:00")
    next_try_at = factory.SelfAttribute("created_at")


class WebhookTryFactory(DjangoModelFactory):
    class Meta:
        model = WebhookTry

    message = factory.SubFactory(WebhookMessageFactory)
    number = factory.Sequence(lambda n: n + 1)
    started_at = instant("2026-11-23 17:00")
    finished_at = instant("2026-11-23 17:00")
    status = 500
    failure = "STATUS"
