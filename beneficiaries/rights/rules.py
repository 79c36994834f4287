from django.utils.crypto import salted_hmac

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common import retention

EXPORT_KEPT_FOR = retention.DELAYS["export"].duration
NOTICE = retention.DELAYS["notice"].duration  # between the warning and the erasure of a file nobody used
FIELDS = {
    "first_name": "prénom",
    "last_name": "nom",
    "phone": "téléphone",
    "email": "adresse électronique",
}


def has_rights(user: User) -> bool:
    return user.role == Role.BENEFICIARY


def fingerprint(person: Beneficiary, value: str) -> str:
    """What the trail of a correction keeps of a value: enough to prove a change, too little to read it."""
    return salted_hmac(f"beneficiaries.rights:{person.uuid}", value, algorithm="sha256").hexdigest()[:16]
