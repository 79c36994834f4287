import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from beneficiaries.request.models import (
    Beneficiary,
)
from beneficiaries.rights import hooks, selectors
from beneficiaries.rights.enums import CodePurpose
from beneficiaries.rights.models import Erasure, PersonCode
from beneficiaries.rights.services.codes import lock_file, send_code, use_code
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common import personal_data


def ask_erasure(*, beneficiary: Beneficiary, now: datetime) -> PersonCode:
    """Send the code that confirms an erasure to the person's address. Raises CodesTooMany."""
    return send_code(beneficiary=beneficiary, purpose=CodePurpose.ERASURE, email=beneficiary.email, now=now)


def erase_by_code(*, person_code: PersonCode, code: str, now: datetime, by: User) -> Erasure:
    """Erase at the person's request (RGPD, article 17). Raises as erase_person, and the refusals of codes."""
    return use_code(
        person_code=person_code,
        code=code,
        now=now,
        act=lambda row: erase_person(beneficiary=row.beneficiary, now=now, by=by),
    )


@transaction.atomic
def erase_person(
    *, beneficiary: Beneficiary, now: datetime, by: User | None, is_compulsory: bool = False
) -> Erasure:
    """Take a person's identity away from every table and file, and write it in the erasure journal.

    Rows and their numbers stay, so no figure moves. Done by the person, by the purge and by the replay
    after a restore alike; a second call changes nothing. Raises what a release raises (an appointment too
    near to be cancelled), unless `is_compulsory`.
    """
    person = lock_file(beneficiary)
    hooks.release(beneficiary=person, now=now, by=by, is_compulsory=is_compulsory)
    subject = selectors.subject_of(person)
    for declaration in personal_data.declarations():
        declaration.erase(subject, now)
    erasure, is_new = Erasure.objects.get_or_create(person_uuid=person.uuid, defaults={"erased_at": now})
    if is_new:
        record(action="beneficiaries.person.erased", target=person, by=by, now=now)
        transaction.on_commit(lambda: _write_in_file(erasure))
    return erasure


def journal_path() -> Path:
    """The copy of the erasure journal that a restore of the database does not take back."""
    return Path(settings.PORTAL_DATA_DIR) / "erasures.log"


def _write_in_file(erasure: Erasure) -> None:
    line = f"{erasure.person_uuid} {erasure.erased_at.isoformat()}\n"
    journal_path().parent.mkdir(parents=True, exist_ok=True)
    with journal_path().open("a", encoding="ascii") as journal:
        journal.write(line)
        journal.flush()
        os.fsync(journal.fileno())


def replay_erasures(*, lines: Iterable[str], now: datetime) -> int:
    """Erase again the people of a journal whom a restored backup brought back; returns how many.

    `lines` are « uuid instant ». The table's own lines are replayed too: files left behind go with them.
    """
    wanted = {UUID(line.split()[0]) for line in lines if line.strip()}
    wanted |= set(Erasure.objects.values_list("person_uuid", flat=True))
    back = 0
    for person in Beneficiary.objects.filter(uuid__in=wanted).order_by("pk"):
        back += person.erased_at is None
        erase_person(beneficiary=person, now=now, by=None, is_compulsory=True)
    return back
