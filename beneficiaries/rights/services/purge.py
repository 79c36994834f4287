from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_holder
from beneficiaries.rights import notices, selectors
from beneficiaries.rights.services.codes import lock_file
from beneficiaries.rights.services.erasure import erase_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record


@dataclass(frozen=True)
class Purged:
    warned: int
    erased: int


def purge_people(*, now: datetime, is_dry_run: bool = False) -> Purged:
    """Warn the people without contact for nearly PORTAL_RETENTION_MONTHS, erase those warned thirty days ago.

    Each person is one transaction; a dry run only counts. Safe to run twice.
    """
    to_erase = list(selectors.to_erase(now=now).values_list("pk", flat=True))
    to_warn = list(selectors.to_warn(now=now).values_list("pk", flat=True))
    if is_dry_run:
        return Purged(warned=len(to_warn), erased=len(to_erase))
    erased = sum(_erase(pk, now) for pk in to_erase)
    warned = sum(_warn(pk, now) for pk in to_warn)
    return Purged(warned=warned, erased=erased)


@transaction.atomic
def _erase(pk: int, now: datetime) -> bool:
    """Looked at again under the lock: who came back this very minute is kept."""
    lock_file(Beneficiary.objects.get(pk=pk))
    person = selectors.to_erase(now=now).filter(pk=pk).first()
    if person is None:
        return False
    erase_person(beneficiary=person, now=now, by=None, is_compulsory=True)
    return True


@transaction.atomic
def _warn(pk: int, now: datetime) -> bool:
    Beneficiary.objects.select_for_update(of=("self",)).get(pk=pk)
    person = selectors.to_warn(now=now).filter(pk=pk).first()
    if person is None:
        return False
    person.warned_at = now
    person.save(update_fields=["warned_at"])
    notices.tell_purge(person, now=now)
    record(action="beneficiaries.person.warned", target=person, by=None, now=now)
    return True


@transaction.atomic
def keep_file(*, beneficiary: Beneficiary, now: datetime, by: User | None) -> Beneficiary:
    """The person wants the file kept: the retention starts again from now."""
    person = lock_holder(beneficiary)
    person.kept_at = now
    person.save(update_fields=["kept_at"])
    record(action="beneficiaries.person.kept", target=person, by=by, now=now)
    return person
