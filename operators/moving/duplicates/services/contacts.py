"""Which name, address and number the person kept has, and how they sign in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.services import lend_address, rename_user, take_address_back
from operators.moving.duplicates.enums import ContactPart
from operators.moving.duplicates.errors import AddressTaken
from operators.moving.duplicates.services.ledger import columns_of, plain

KEPT_COLUMNS = (
    *("first_name", "last_name", "email", "email_verified_at", "phone", "phone_verified_at"),
    *("contact_proved_at", "user_id"),
)
PROOFS = ("email_verified_at", "phone_verified_at")


def snapshot(person: Beneficiary) -> dict[str, Any]:
    """Names and contacts as JSON keeps them, for the undo."""
    return {name: plain(getattr(person, name)) for name in KEPT_COLUMNS}


def settle_contacts(*, absorbed: Beneficiary, kept: Beneficiary, taken: Collection[str]) -> None:
    """Swap the parts taken from the person absorbed; what the person kept lacks is copied.

    So the row absorbed keeps the other contact: it still leads to the person (docs/adr/0036).
    """
    own, other = _values(kept), _values(absorbed)
    for part in ContactPart:
        columns = ContactPart.columns[part]
        if not own[columns[0]]:
            own |= {name: other[name] for name in columns}
        elif part in taken and other[columns[0]]:
            for name in columns:
                own[name], other[name] = other[name], own[name]
    proved = [one for one in (kept.contact_proved_at, absorbed.contact_proved_at) if one is not None]
    own["contact_proved_at"] = min(proved, default=None)
    write(absorbed, other)
    write(kept, own)
    _rename_accounts(kept)


def _values(person: Beneficiary) -> dict[str, Any]:
    return {name: getattr(person, name) for name in KEPT_COLUMNS if name != "user_id"}


def write(person: Beneficiary, values: dict[str, Any]) -> None:
    """In two steps: a trigger takes an unchanged proof beside another contact for the former one's."""
    proofs = {name: values[name] for name in PROOFS if name in values}
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        return
    for name, value in (values | dict.fromkeys(proofs)).items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    for name, value in proofs.items():
        setattr(person, name, value)
    if any(proofs.values()):
        person.save(update_fields=list(proofs))


def unite_accounts(*, absorbed: Beneficiary, kept: Beneficiary, now: datetime) -> str:
    """Either address signs in as the person kept; returns the address lent, if there was one."""
    if absorbed.user is None:
        return ""
    if kept.user is not None:
        address = absorbed.user.email
        lend_address(lender=absorbed.user, to=kept.user, now=now)
        return address
    user, absorbed.user = absorbed.user, None
    absorbed.save(update_fields=["user"])
    kept.user = user
    kept.save(update_fields=["user"])
    return ""


def part_contacts(*, absorbed: Beneficiary, kept: Beneficiary, former: dict, now: datetime) -> None:
    """Give each their names, contacts and account again; what the person kept has changed since stays.

    Raises AddressTaken when the address lent opens another account by now.
    """
    _part_accounts(absorbed, kept, former, now)
    before = columns_of(Beneficiary, former["absorbed"])
    wanted = columns_of(Beneficiary, former["kept"])
    after = columns_of(Beneficiary, former["after"])
    unchanged = {
        name: wanted[name]
        for part in ContactPart
        for name in ContactPart.columns[part]
        if all(getattr(kept, column) == after[column] for column in ContactPart.columns[part])
    }
    unchanged["contact_proved_at"] = wanted["contact_proved_at"]
    write(kept, unchanged)
    before.pop("user_id")
    write(absorbed, before)
    _rename_accounts(absorbed, kept)


def _rename_accounts(*people: Beneficiary) -> None:
    for person in people:
        if person.user is not None:
            rename_user(user=person.user, first_name=person.first_name, last_name=person.last_name)


def _part_accounts(absorbed: Beneficiary, kept: Beneficiary, former: dict, now: datetime) -> None:
    if absorbed.user is not None and kept.user is not None:
        try:
            with transaction.atomic():
                take_address_back(lender=absorbed.user, address=former["address"], to=kept.user, now=now)
        except IntegrityError as refusal:
            raise AddressTaken("L’adresse du dossier réuni ouvre maintenant un autre compte.") from refusal
    elif former["absorbed"]["user_id"] and kept.user_id == former["absorbed"]["user_id"]:
        user, kept.user = kept.user, None
        kept.save(update_fields=["user"])
        absorbed.user = user
        absorbed.save(update_fields=["user"])
