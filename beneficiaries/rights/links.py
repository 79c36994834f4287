"""The signed link of a warning: whoever holds it keeps the file, and learns nothing of it."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from beneficiaries.request.models import Beneficiary

_signer = Signer(salt="beneficiaries.rights.keep", sep=".")


def sign(uuid: UUID) -> str:
    return _signer.sign(uuid.hex)


def unsign(signed: str) -> UUID | None:
    """The person's uuid, or None when the link was altered."""
    try:
        return UUID(_signer.unsign(signed))
    except (BadSignature, ValueError):
        return None


def keep_link(person: Beneficiary) -> str:
    return settings.PORTAL_BASE_URL + reverse("beneficiaries:file_keep", args=[sign(person.uuid)])
