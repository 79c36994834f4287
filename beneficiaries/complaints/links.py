"""The signed link of a complaint, sent to the address given: it shows the texts, without an account."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from beneficiaries.complaints.models import Complaint

_signer = Signer(salt="beneficiaries.complaints.follow", sep=".")


def sign(uuid: UUID) -> str:
    return _signer.sign(uuid.hex)


def unsign(signed: str) -> UUID | None:
    """The complaint's uuid, or None when the link was altered."""
    try:
        return UUID(_signer.unsign(signed))
    except (BadSignature, ValueError):
        return None


def follow_path(complaint: Complaint) -> str:
    return reverse("beneficiaries:complaint_follow", args=[sign(complaint.uuid)])


def follow_link(complaint: Complaint) -> str:
    return settings.PORTAL_BASE_URL + follow_path(complaint)


def desk_link(complaint: Complaint) -> str:
    return settings.PORTAL_BASE_URL + reverse("beneficiaries:complaint_detail", args=[complaint.uuid])
