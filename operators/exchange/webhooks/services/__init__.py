"""What operators' software is told: who is told of what, the outbox, its sending, its replay."""

from operators.exchange.webhooks.services.announcing import announce, send_test
from operators.exchange.webhooks.services.housekeeping import forget_webhooks, seal_secrets_again
from operators.exchange.webhooks.services.replaying import replay_given_up, replay_message
from operators.exchange.webhooks.services.sending import send_due_webhooks, send_webhook
from operators.exchange.webhooks.services.subscribing import (
    change_subscription,
    end_subscription,
    resume_subscription,
    rotate_secret,
    subscribe,
    suspend_subscription,
)

__all__ = [
    "announce",
    "change_subscription",
    "end_subscription",
    "forget_webhooks",
    "replay_given_up",
    "replay_message",
    "resume_subscription",
    "rotate_secret",
    "seal_secrets_again",
    "send_due_webhooks",
    "send_test",
    "send_webhook",
    "subscribe",
    "suspend_subscription",
]
