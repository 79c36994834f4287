"""Who stands behind a proved contact: found again, or new; with an account that the contact opens."""

from datetime import datetime
from typing import Any, Protocol

from beneficiaries.request import hooks, selectors
from beneficiaries.request.models import Beneficiary, ContactCode, ServiceRequest
from beneficiaries.request.services.guard import lock_holder
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.selectors import active_mandates
from cep_portal.accounts.services import create_person_account, grant_mandate, record
from cep_portal.common.days import local_day


class Proof(Protocol):
    """The code of a contact that was copied."""

    @property
    def by_sms(self) -> bool: ...

    @property
    def phone(self) -> str: ...

    @property
    def email(self) -> str: ...


def known_or_new_person(contact_code: ContactCode, *, request: ServiceRequest, now: datetime) -> Beneficiary:
    """The person of a right code: who already has the request, who is known and agrees, else a new one."""
    person = contact_code.beneficiary or _found_again(contact_code, request, now)
    if person is None:
        return _new_person(contact_code, now)
    return _proved(lock_holder(person.merged_into or person), contact_code, request, now)


def _found_again(contact_code: ContactCode, request: ServiceRequest, now: datetime) -> Beneficiary | None:
    """Somebody whom an adviser has received is linked only with consent; their file tells much."""
    if request.beneficiary is not None and selectors.is_told_by(request.beneficiary, contact_code):
        return request.beneficiary
    known = selectors.people_known_by(contact_code)
    received = hooks.with_past(known)
    if contact_code.find_past and (past := [person for person in known if person.pk in received]):
        record(action="beneficiaries.person.found_again", target=past[0], by=None, now=now)
        return past[0]
    return next((person for person in known if person.pk not in received), None)


def _new_person(contact_code: ContactCode, now: datetime) -> Beneficiary:
    return Beneficiary.objects.create(
        first_name=contact_code.first_name,
        last_name=contact_code.last_name,
        email=contact_code.email,
        email_verified_at=None if contact_code.by_sms else now,
        phone=contact_code.phone,
        phone_verified_at=now if contact_code.by_sms else None,
        created_at=now,
        contact_proved_at=now,
    )


def _proved(
    person: Beneficiary, contact_code: ContactCode, request: ServiceRequest, now: datetime
) -> Beneficiary:
    """The contact of the code is proved from now on; a number typed beside an address is not.

    What somebody else told of the person on another occasion (ADR 0024) gives way to what they say. The
    contact of a duplicate merged into them says who they are, and changes nothing.
    """
    told_elsewhere = person.contact_proved_at is None and request.beneficiary_id != person.pk
    changed: dict[str, Any] = {"contact_proved_at": person.contact_proved_at or now}
    if not selectors.has_contact(person, contact_code):
        pass
    elif contact_code.by_sms:
        changed |= {"phone": contact_code.phone, "phone_verified_at": person.phone_verified_at or now}
        changed |= {"email": ""} if told_elsewhere else {}
    else:
        changed |= {"email_verified_at": person.email_verified_at or now}
        if told_elsewhere or (contact_code.phone and contact_code.phone != person.phone):
            changed |= {"phone": contact_code.phone, "phone_verified_at": None}
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))
    return person


def proved_contact(person: Beneficiary, proof: Proof, now: datetime) -> None:
    """Write that the person reads the contact of a code; the contact of a duplicate changes nothing here."""
    changed: dict[str, Any] = {"contact_proved_at": person.contact_proved_at or now}
    if selectors.has_contact(person, proof):
        if proof.by_sms:
            changed |= {"phone": proof.phone, "phone_verified_at": person.phone_verified_at or now}
        else:
            changed |= {"email_verified_at": person.email_verified_at or now}
    for name, value in changed.items():
        setattr(person, name, value)
    person.save(update_fields=list(changed))


def open_account(person: Beneficiary, now: datetime) -> User:
    """The account and the mandate of a person who proved a contact: opened once, whoever comes at once.

    The row of the person is locked, so two first sign-ins make one account.
    """
    locked = Beneficiary.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    user = locked.get(pk=person.pk).user or _new_account(person)
    person.user = user
    today = local_day(now)
    if not active_mandates(user=user, on=today).filter(role=Role.BENEFICIARY).exists():
        grant_mandate(user=user, role=Role.BENEFICIARY, starts_on=today, by=None, now=now)
    return user


def _new_account(person: Beneficiary) -> User:
    """The address is the account's only when it is proved and opens no other: none is ever invented.

    An agent's account is never linked: it would show a person's own requests at the workplace.
    """
    email = person.email if person.email_verified_at is not None else ""
    names = {"first_name": person.first_name, "last_name": person.last_name}
    person.user = create_person_account(email=email, **names)
    person.save(update_fields=["user"])
    return person.user
