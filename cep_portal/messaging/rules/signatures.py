"""Who calls back about deliveries proves it: HMAC-SHA256 of an instant and the body, by a shared secret."""

import hmac
import re
from datetime import datetime, timedelta

HEADER = "X-Signature"
TOLERANCE = timedelta(minutes=5)  # a call recorded by somebody is worth nothing afterwards
_SHAPE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def sign(*, secret: str, body: bytes, now: datetime) -> str:
    """The header's value: `t=<unix seconds>,v1=<hex>` over `<t>.<body>`."""
    instant = str(int(now.timestamp()))
    return f"t={instant},v1={_digest(secret, instant, body)}"


def is_valid(*, secret: str, header: str, body: bytes, now: datetime) -> bool:
    match = _SHAPE.fullmatch(header)
    if match is None:
        return False
    instant, given = match.groups()
    is_fresh = abs(now.timestamp() - int(instant)) <= TOLERANCE.total_seconds()
    return hmac.compare_digest(_digest(secret, instant, body), given) and is_fresh


def _digest(secret: str, instant: str, body: bytes) -> str:
    return hmac.new(secret.encode(), instant.encode() + b"." + body, "sha256").hexdigest()
