from cep_portal.common.errors import DomainError


class UrlRefused(DomainError):
    """An address that no message may be sent to."""

    code = "webhook_url_refused"


class TooManySubscriptions(DomainError):
    code = "too_many_webhooks"


class SubscriptionMoved(DomainError):
    """A subscription that is no longer in the state the act needs."""

    code = "webhook_state"


class MessageNotOver(DomainError):
    """A message that is still on its way is not sent again."""

    code = "webhook_message_not_over"
