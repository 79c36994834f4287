from datetime import datetime

from cep_portal.accounts.models import User
from operators.exchange.webhooks import selectors


def integrations_section(*, user: User, now: datetime) -> dict:  # noqa: ARG001 -- a section of the registry
    return {"health": selectors.health(user=user)}
