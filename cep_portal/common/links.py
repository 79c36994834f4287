"""Addresses that leave the portal: absolute, and signed for who has no account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse


def portal_link(view: str, *args: object) -> str:
    """The absolute address of a page, for a message."""
    return settings.PORTAL_BASE_URL + reverse(view, args=args)


class SignedUuids:
    """Signs the uuids of one kind of thing, so that its link opens that thing and nothing else.

    The salt is the kind. Links already sent carry it: it never changes.
    """

    def __init__(self, salt: str) -> None:
        self._signer = Signer(salt=salt, sep=".")

    def sign(self, uuid: UUID) -> str:
        return self._signer.sign(uuid.hex)

    def unsign(self, signed: str) -> UUID | None:
        """The uuid, or None when the link was altered."""
        try:
            return UUID(self._signer.unsign(signed))
        except (BadSignature, ValueError):
            return None
