"""Who holds a transfer's link proves to be its person, by a code sent to the contact known."""

from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_person
from beneficiaries.rights.enums import CodePurpose
from beneficiaries.rights.models import PersonCode
from beneficiaries.rights.services import send_code, use_code
from operators.moving.transfers.models import Transfer


@transaction.atomic
def send_proof(*, transfer: Transfer, now: datetime) -> PersonCode:
    """Six digits to the person's address, else mobile.

    Raises CodesTooMany, NoMobile, NoSms, FileRestricted.
    """
    person = lock_person(transfer.pathway.beneficiary_id)
    return send_code(beneficiary=person, purpose=CodePurpose.TRANSFER, email=person.email, now=now)


def prove_person(*, person_code: PersonCode, code: str, now: datetime) -> None:
    """Call it outside any transaction.

    Raises CodeWrong, CodeExpired, CodeExhausted, CodeUsed, FileRestricted.
    """
    with transaction.atomic():
        lock_person(person_code.beneficiary_id)
    use_code(person_code=person_code, code=code, now=now, act=lambda row: lock_person(row.beneficiary_id))
