"""The signed link of a warning: whoever holds it keeps the file, and learns nothing of it."""

from beneficiaries.request.models import Beneficiary
from cep_portal.common.links import SignedUuids, portal_link

_uuids = SignedUuids("beneficiaries.rights.keep")
sign, unsign = _uuids.sign, _uuids.unsign


def keep_link(person: Beneficiary) -> str:
    return portal_link("beneficiaries:file_keep", sign(person.uuid))
