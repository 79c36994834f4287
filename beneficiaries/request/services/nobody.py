from datetime import datetime

from beneficiaries.request.models import ERASED_DOMAIN, ERASED_FIRST_NAME, ERASED_LAST_NAME, Beneficiary


def make_nobody(person_id: int, now: datetime) -> None:
    """The identity of a person replaced by words that name nobody; the account is erased by its own app."""
    person = Beneficiary.objects.get(pk=person_id)
    person.first_name, person.last_name = ERASED_FIRST_NAME, ERASED_LAST_NAME
    person.email, person.phone = f"{person.uuid.hex}{ERASED_DOMAIN}", ""
    person.email_verified_at = person.phone_verified_at = None
    person.erased_at = person.erased_at or now
    person.restricted_at = None
    person.save(
        update_fields=[
            *("first_name", "last_name", "email", "phone", "erased_at", "restricted_at"),
            *("email_verified_at", "phone_verified_at"),
        ]
    )
