"""Standard Webhooks (standardwebhooks.com): HMAC-SHA256 of `<id>.<timestamp>.<body>`, secrets in base64."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(*, secret: str, message_id: UUID, at: datetime, body: bytes) -> str:
    """One signature, « v1,<base64> »."""
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(*, secrets: Sequence[str], message_id: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """What travels with a body; a signature for each secret that is still good, newest first."""
    signatures = [signature(secret=secret, message_id=message_id, at=at, body=body) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Mon-CEP-Webhooks/1",
        "Webhook-Id": str(message_id),
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": " ".join(signatures),
    }
