"""What a merge means for the person's rights: seen by them, given in their copy, erased with them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.hooks import Readers
from beneficiaries.rights.services import erase_person
from cep_portal.accounts.models import AuditEvent
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, Subject, register, register_impersonal
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.models import DuplicatePair, MovedRows, PersonMerge

ACTS = {
    "operators.personmerge.merged": "Deux dossiers à votre nom réunis en un",
    "operators.personmerge.undone": "Dossiers séparés de nouveau",
}


def merge_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The merges of a person, on either side, each with who did it."""
    own = PersonMerge.objects.filter(Q(kept=beneficiary) | Q(absorbed=beneficiary)).order_by("pk")
    return {
        pk: Readers(frozenset(), frozenset({by, undone_by} - {None}))
        for pk, by, undone_by in own.values_list("pk", "merged_by", "undone_by")
    }


def reasons_given(lines: Sequence[AuditEvent]) -> dict[int, str]:
    """By line of the journal, how it was known, as the person reads it."""
    return {
        line.pk: MergeReason.said_to_the_person[line.data["reason"]]
        for line in lines
        if "reason" in line.data
    }


def _merges(subject: Subject):
    return PersonMerge.objects.filter(kept=subject.beneficiary_id).select_related("absorbed")


def _erase(subject: Subject, now: datetime) -> None:
    """The duplicates go with the person; each is a line of the erasure journal."""
    for one in Beneficiary.objects.filter(merged_into=subject.beneficiary_id).order_by("pk"):
        erase_person(beneficiary=one, now=now, by=None, is_compulsory=True)
    own = Q(kept=subject.beneficiary_id) | Q(absorbed=subject.beneficiary_id)
    PersonMerge.objects.filter(own).exclude(former={}).update(former={})


def declare() -> None:
    register(
        PersonalData(
            model=PersonMerge,
            title="Vos dossiers réunis",
            purpose="N’avoir qu’un dossier par personne, et pouvoir revenir en arrière.",
            retention=retention.FORMER_CONTACTS,
            order=46,
            rows=_merges,
            personal=dict.fromkeys(("reason", "merged_at", "undone_at", "former"), KEPT),
            technical=("id", "uuid", "organisation", "kept", "absorbed", "merged_by", "undone_by"),
            extra={
                "autre nom": lambda row: row.absorbed.full_name,
                "autre adresse": lambda row: row.absorbed.email,
                "autre téléphone": lambda row: row.absorbed.phone,
            },
            erase_with=_erase,
        )
    )
    register_impersonal(DuplicatePair, MovedRows)
