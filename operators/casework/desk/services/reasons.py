from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.casework.desk import rules
from operators.casework.desk.enums import FileReasonKind
from operators.casework.desk.errors import ReasonMissing
from operators.casework.desk.models import FileReason
from operators.casework.pathways.models import Pathway


@transaction.atomic
def give_reason(*, pathway: Pathway, kind: str, text: str, by: User, now: datetime) -> FileReason:
    """Keep why `by` opens the file of somebody they do not follow; a second one the same day changes nothing.

    Raises ReasonMissing when « autre raison » says nothing more, FileRestricted.
    """
    lock_person(pathway.beneficiary_id)
    text = text.strip() if kind == FileReasonKind.OTHER else ""
    if kind == FileReasonKind.OTHER and not text:
        raise ReasonMissing("Dites en quelques mots pourquoi vous ouvrez ce dossier.")
    reason, is_new = FileReason.objects.get_or_create(
        user=by,
        beneficiary=pathway.beneficiary,
        given_on=rules.day_of_reason(pathway, now=now),
        defaults={"kind": kind, "text": text, "given_at": now},
    )
    if is_new:
        record(action="operators.file_reason.given", target=reason, by=by, now=now, data={"kind": kind})
    return reason
