"""One key, one act, whoever repeats it (RDV-I 2399: ghost appointments between two systems)."""

from datetime import datetime

from cep_portal.common.locks import one_at_a_time
from operators.exchange.software import rules
from operators.exchange.software.errors import KeyReused
from operators.exchange.software.models import ApiClient, KeyUse

KEY_REUSED = "Cette clé d’idempotence a déjà servi pour autre chose."
KEY_OLD = "Cette clé d’idempotence a servi il y a longtemps : prenez-en une autre."


def is_first_use(*, client: ApiClient, key: rules.Key | None, now: datetime) -> bool:
    """Whether a key serves for the first time, from now on for this call alone; always, without a key.

    In the caller's transaction: an act that is refused leaves its key free. Raises KeyReused when it came
    with another act, or with any other fact.
    """
    if key is None:
        return True
    used = rules.key_of(client, key.text, "act")
    one_at_a_time(str(used))
    known = KeyUse.objects.filter(pk=used).first()
    if known is None:
        KeyUse.objects.create(key=used, client=client, trace=key.trace, used_at=now)
        return True
    if known.trace != key.trace:
        raise KeyReused(KEY_REUSED)
    return False


def forget_keys(*, now: datetime) -> int:
    """Delete the keys that served more than a month ago; returns how many."""
    deleted, _ = KeyUse.objects.filter(used_at__lt=now - rules.KEY_LIFETIME).delete()
    return deleted
