"""The signed link of a complaint, sent to the address given: it shows the texts, without an account."""

from django.urls import reverse

from beneficiaries.complaints.models import Complaint
from cep_portal.common.links import SignedUuids, portal_link

_uuids = SignedUuids("beneficiaries.complaints.follow")
sign, unsign = _uuids.sign, _uuids.unsign


def follow_path(complaint: Complaint) -> str:
    return reverse("beneficiaries:complaint_follow", args=[sign(complaint.uuid)])


def follow_link(complaint: Complaint) -> str:
    return portal_link("beneficiaries:complaint_follow", sign(complaint.uuid))


def desk_link(complaint: Complaint) -> str:
    return portal_link("beneficiaries:complaint_detail", complaint.uuid)
