from datetime import datetime

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import check_open
from beneficiaries.rights import errors, hooks
from beneficiaries.rights.selectors import LIFTED, RESTRICTED
from beneficiaries.rights.services.codes import lock_file
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record


@transaction.atomic
def restrict_file(*, beneficiary: Beneficiary, now: datetime, by: User) -> Beneficiary:
    """Freeze a file (RGPD, article 18): operators no longer see it, nothing is added to it.

    Coming appointments are cancelled: nobody would expect the person. Raises AlreadyRestricted, and what a
    release raises when an appointment is too near to be cancelled by the person.
    """
    person = lock_file(beneficiary)
    check_open(None, person.erased_at, person.merged_into_id)
    if person.restricted_at is not None:
        raise errors.AlreadyRestricted("Votre dossier est déjà gelé.")
    hooks.release(beneficiary=person, now=now, by=by)
    person.restricted_at = now
    person.save(update_fields=["restricted_at"])
    record(action=RESTRICTED, target=person, by=by, now=now)
    return person


@transaction.atomic
def lift_restriction(*, beneficiary: Beneficiary, now: datetime, by: User) -> Beneficiary:
    """Open a frozen file again: operators see it as it was. Raises NotRestricted."""
    person = lock_file(beneficiary)
    if person.restricted_at is None:
        raise errors.NotRestricted("Votre dossier n’est pas gelé.")
    person.restricted_at = None
    person.save(update_fields=["restricted_at"])
    record(action=LIFTED, target=person, by=by, now=now)
    return person
