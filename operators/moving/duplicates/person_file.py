"""How a merge is told to the person: who did it, and why."""

from collections.abc import Sequence

from django.db.models import Q

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.personal_data import (
    Readers,
)
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.models import PersonMerge

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
