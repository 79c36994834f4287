"""Addresses that leave the portal: absolute, and signed for who has no account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse


class LostLink(Http404):
    """A signed link that opens nothing: cut on its way (`was_read` false), or what it opened is gone.

    The page says which, and shows one way on: a label and an address.
    """

    def __init__(self, *, was_read: bool, label: str, url: str) -> None:
        super().__init__("gone" if was_read else "altered")
        self.context = {"was_read": was_read, "label": label, "url": url}


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
