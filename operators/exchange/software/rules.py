import json
import secrets
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid5

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common import retention

if TYPE_CHECKING:
    from operators.exchange.software.models import ApiClient

TOKEN_LIFETIME = timedelta(hours=1)
KEY_LIFETIME = retention.DELAYS["software_key"].duration
WINDOW = timedelta(weeks=4)  # RDV-SP PR 4728: outside callers never search further at once
SALT = "operators.software.token"


def can_manage_integrations(user: User) -> bool:
    return user.role == Role.OPERATOR_MANAGER


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_secret(uuid: UUID, secret: str) -> str:
    """256 random bits need no slow hash; bound to the client and to the site's key."""
    return salted_hmac("operators.software.secret", f"{uuid}:{secret}", algorithm="sha256").hexdigest()


def secret_matches(client: "ApiClient", secret: str) -> bool:
    return constant_time_compare(client.secret_hash, hash_secret(client.uuid, secret))


def sign_token(client: "ApiClient") -> str:
    return signing.dumps(client.uuid.hex, salt=SALT)


def read_token(token: str) -> UUID | None:
    """The client of a token less than an hour old, or None."""
    try:
        return UUID(signing.loads(token, salt=SALT, max_age=TOKEN_LIFETIME))
    except (signing.BadSignature, ValueError):
        return None


class Key(NamedTuple):
    """An idempotency key as it was sent, and the trace of the whole call that it came with."""

    text: str
    trace: str


def key_of(client: "ApiClient", text: str, use: str = "booking") -> UUID:
    """The idempotency key of a client, apart from those of all others."""
    return uuid5(client.uuid, f"{use}:{text}")


def trace_of(*facts: Any) -> str:
    """Whether a key comes back with the same facts, without keeping them: what JSON says, in any order."""
    told = json.dumps(facts, sort_keys=True, default=str)
    return salted_hmac("operators.software.trace", told, algorithm="sha256").hexdigest()


class SoftwareUser:
    """What `visible_to` reads of a software: who books for its operator and opens no file."""

    is_authenticated = True
    is_anonymous = False
    is_active = True
    role = Role.INTAKE_OFFICER

    def __init__(self, client: "ApiClient") -> None:
        self.client = client
        self.pk = None
        self.mandate = SimpleNamespace(organisation_id=client.organisation_id)
        self.organisation_id = client.organisation_id

    def may(self, scope: str) -> bool:
        return scope in self.client.scopes
