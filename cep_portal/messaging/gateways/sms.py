"""The one door to whoever carries SMS: `PORTAL_SMS` names a provider and its options."""

import json
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
BAD_NUMBER = {400, 404, 410, 422}  # what the provider says of this message; the rest is about us, or passes


class SmsRefused(Exception):
    """The provider will never carry this message: trying again changes nothing."""


class SmsProvider(Protocol):
    name: str

    def send(self, *, number: str, text: str, reference: str) -> str:
        """Hand a text over and return the provider's own id of it.

        The same `reference` twice is one SMS. Raises SmsRefused for good, OSError for now.
        """


class FileProvider:
    """Writes each SMS in a folder: the demonstration and the tests read them there."""

    name = "fichier"

    def __init__(self, *, folder: str) -> None:
        self.folder = Path(folder)

    def send(self, *, number: str, text: str, reference: str) -> str:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / f"{reference}.txt").write_text(f"{number}\n{text}\n", encoding="utf-8")
        return reference


class HttpProvider:
    """A JSON interface as French carriers offer: POST {to, from, text, reference}, answer {id}.

    No redirection is followed: the token goes to one host only.
    """

    def __init__(self, *, name: str, url: str, token: str, sender: str, timeout: float = 10) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("the SMS provider is reached by https only")
        self.name, self.parts, self.sender, self.timeout = name, parts, sender, timeout
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }

    def send(self, *, number: str, text: str, reference: str) -> str:
        body = {"to": number, "from": self.sender, "text": text, "reference": reference}
        status, answer = self._post(json.dumps(body).encode(), reference)
        if status in BAD_NUMBER:
            raise SmsRefused(f"{self.name}: {status}")
        if not 200 <= status < 300:
            raise OSError(f"{self.name}: {status}")
        try:
            return str(json.loads(answer)["id"])[:100]
        except (ValueError, KeyError, TypeError):
            return ""  # it was carried: without an id only its delivery stays unknown

    def _post(self, body: bytes, reference: str) -> tuple[int, bytes]:
        scheme = HTTPSConnection if self.parts.scheme == "https" else HTTPConnection
        connection = scheme(self.parts.hostname or "", self.parts.port, timeout=self.timeout)
        try:
            path = self.parts.path or "/"
            connection.request("POST", path, body, self.headers | {"Idempotency-Key": reference})
            response = connection.getresponse()
            return response.status, response.read(65536)
        except HTTPException as failure:
            raise OSError(f"{self.name}: {type(failure).__name__}") from failure
        finally:
            connection.close()


def is_available() -> bool:
    """Whether this portal can send SMS; without, nobody is offered one."""
    return bool(settings.PORTAL_SMS)


@cache
def provider() -> SmsProvider:
    return import_string(settings.PORTAL_SMS["PROVIDER"])(**settings.PORTAL_SMS["OPTIONS"])


def _forget(*, setting: Any, **_facts: object) -> None:
    if setting == "PORTAL_SMS":
        provider.cache_clear()


setting_changed.connect(_forget, dispatch_uid="messaging.sms")
