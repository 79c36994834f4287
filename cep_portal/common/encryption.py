"""Text sealed at rest: AES-256-GCM, keys outside the database, each sealed text knowing its key."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

KEY_BYTES, NONCE_BYTES = 32, 12
DISTINCT_BYTES = 16  # 32 random bytes have fewer once in 10^9: a typed or repeated key has


class KeysInvalid(ValueError):
    """A setting of keys that cannot be used."""


class SealBroken(Exception):
    """A sealed text whose key is unknown, or that was altered or moved to another row."""


@dataclass(frozen=True)
class Sealed:
    key_id: str
    data: bytes


def new_key() -> str:
    """A key as the setting wants it: 32 random bytes in base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def parse_keys(text: str) -> dict[str, bytes]:
    """The keys of a setting (base64, comma between, newest first) by identifier. Raises KeysInvalid."""
    keys = {}
    for written in filter(None, (part.strip() for part in text.split(","))):
        try:
            key = base64.b64decode(written, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise KeysInvalid("a key is not written in base64") from None
        if len(key) != KEY_BYTES or len(set(key)) < DISTINCT_BYTES:
            raise KeysInvalid("a key is too weak: 32 random bytes are needed")
        keys[key_id(key)] = key
    if not keys:
        raise KeysInvalid("there is no key")
    return keys


def key_id(key: bytes) -> str:
    """What a row says of its key: it tells which one, and nothing about it."""
    return hashlib.sha256(b"key id:" + key).hexdigest()[:16]


@lru_cache(maxsize=4)
def _keys(text: str) -> dict[str, bytes]:
    return parse_keys(text)


def present_key_id() -> str:
    """The identifier of the newest key: the one that seals."""
    return next(iter(_keys(settings.PORTAL_NOTE_KEYS)))


def seal(text: str, *, context: str) -> Sealed:
    """Seal under the newest key; `context` (the row's identifier) must be said again to open."""
    name, key = next(iter(_keys(settings.PORTAL_NOTE_KEYS).items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(name, nonce + AESGCM(key).encrypt(nonce, text.encode(), context.encode()))


def unseal(sealed: Sealed, *, context: str) -> str:
    """The text that was sealed for this context. Raises SealBroken."""
    key = _keys(settings.PORTAL_NOTE_KEYS).get(sealed.key_id)
    if key is None:
        raise SealBroken(f"the key {sealed.key_id} is not in PORTAL_NOTE_KEYS")
    nonce, data = sealed.data[:NONCE_BYTES], sealed.data[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, data, context.encode()).decode()
    except InvalidTag:
        raise SealBroken("the sealed text was altered, or belongs to another row") from None
