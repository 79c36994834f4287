from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.common.versions import Seen, check_seen
from operators.casework.referrals import rules
from operators.casework.referrals.errors import DoorInvalid
from operators.casework.referrals.models import DoorChange, ReferralDoor
from operators.casework.referrals.reference import NATIONAL_DOORS

KNOWN_TWICE = "Ce partenaire est déjà dans l’annuaire."
UNREACHABLE = "Indiquez au moins un site, un téléphone, un courriel ou une façon de s’y adresser."
FIELDS = (
    *("kind", "name", "what", "website", "phone", "email", "how"),
    *("region_codes", "department_codes", "is_active"),
)


@transaction.atomic
def add_door(*, facts: Mapping[str, Any], by: User, now: datetime) -> ReferralDoor:
    """Put a door in the directory: a manager's is the operator's own, France compétences' is everybody's.

    Raises DoorInvalid for a name already there, or without any way to reach it.
    """
    door = ReferralDoor(**{name: facts[name] for name in FIELDS}, organisation=_keeper(by))
    _write(door, by=by, now=now)
    _note(door, {name: [None, facts[name]] for name in FIELDS}, by=by, now=now)
    record(action="operators.referral_door.added", target=door, by=by, now=now)
    return door


@transaction.atomic
def change_door(
    *, door: ReferralDoor, facts: Mapping[str, Any], seen: Seen | None = None, by: User, now: datetime
) -> ReferralDoor:
    """Correct a door, or stop proposing it; what was written before stays in its history.

    The same facts write nothing. Raises DoorInvalid as add_door, and for a door that somebody else keeps.
    """
    door = ReferralDoor.objects.select_for_update(of=("self",)).get(pk=door.pk)
    if not rules.keeps(by, door):
        raise DoorInvalid("Ce partenaire est tenu à jour par un autre service.")
    check_seen(seen, {name: getattr(door, name) for name in FIELDS})
    changed = {name: [getattr(door, name), facts[name]] for name in FIELDS}
    changed = {name: values for name, values in changed.items() if values[0] != values[1]}
    if not changed:
        return door
    for name in changed:
        setattr(door, name, facts[name])
    _write(door, by=by, now=now)
    _note(door, changed, by=by, now=now)
    record(
        action="operators.referral_door.changed",
        target=door,
        by=by,
        data={"fields": sorted(changed)},
        now=now,
    )
    return door


@transaction.atomic
def load_doors(*, now: datetime) -> int:
    """Put the national doors in the directory when they are not there; what people changed is left alone."""
    known = set(ReferralDoor.objects.filter(organisation__isnull=True).values_list("kind", "name"))
    missing = [door for door in NATIONAL_DOORS if (door["kind"], door["name"]) not in known]
    for facts in missing:
        door = ReferralDoor.objects.create(**facts, updated_at=now)
        _note(door, {name: [None, value] for name, value in facts.items()}, by=None, now=now)
    return len(missing)


def _keeper(by: User) -> Organisation | None:
    return by.mandate.organisation if by.mandate else None


def _write(door: ReferralDoor, *, by: User, now: datetime) -> None:
    door.updated_at, door.updated_by = now, by
    try:
        with transaction.atomic():
            door.save()
    except IntegrityError as refusal:
        known = "referral_door_once" in str(refusal)
        raise DoorInvalid(KNOWN_TWICE if known else UNREACHABLE) from refusal


def _note(door: ReferralDoor, values: dict, *, by: User | None, now: datetime) -> None:
    DoorChange.objects.create(door=door, changed_at=now, changed_by=by, values=values)
