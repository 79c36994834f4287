"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.services import erase_person
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, FileKind, PersonManifest, Subject, Treatment
from operators.moving.duplicates import person_file
from operators.moving.duplicates.models import DuplicatePair, MovedRows, PersonMerge


def _merges(subject: Subject) -> Any:
    return PersonMerge.objects.filter(kept=subject.beneficiary_id).select_related("absorbed")


def _former_contacts(merge: PersonMerge) -> list[str]:
    """Names and contacts of before the merge, one line a file."""
    files = {"dossier gardé": "kept", "dossier réuni": "absorbed"}
    columns = ("first_name", "last_name", "email", "phone")
    return [
        f"{words} : {' '.join(said)}"
        for words, key in files.items()
        if (said := [str(merge.former[key][name]) for name in columns if merge.former.get(key, {}).get(name)])
    ]


def _erase(subject: Subject, now: datetime) -> None:
    """The duplicates go with the person; each is a line of the erasure journal."""
    for person in Beneficiary.objects.filter(merged_into=subject.beneficiary_id).order_by("pk"):
        erase_person(beneficiary=person, now=now, by=None, is_compulsory=True)
    own = Q(kept=subject.beneficiary_id) | Q(absorbed=subject.beneficiary_id)
    PersonMerge.objects.filter(own).exclude(former={}).update(former={})


MANIFESTS = (
    PersonManifest(
        model=PersonMerge,
        title="Vos dossiers réunis",
        purpose="N’avoir qu’un dossier par personne, et pouvoir revenir en arrière.",
        retention=retention.FORMER_CONTACTS,
        order=46,
        rows=_merges,
        personal=dict.fromkeys(("reason", "merged_at", "undone_at", "former"), KEPT),
        technical=("id", "uuid", "organisation", "kept", "absorbed", "merged_by", "undone_by", "changed_xid"),
        said={"former": _former_contacts},
        extra={
            "autre nom": lambda row: row.absorbed.full_name,
            "autre adresse": lambda row: row.absorbed.email,
            "autre téléphone": lambda row: row.absorbed.phone,
        },
        erase_with=_erase,
        on_merge={"kept": Treatment.STAYS, "absorbed": Treatment.STAYS},
        opened=FileKind(
            "Dossiers réunis", person_file.merge_readers, person_file.reasons_given, person_file.ACTS
        ),
    ),
    PersonManifest(
        model=DuplicatePair,
        title="Dossiers qui se ressemblent",
        purpose="Proposer de réunir deux dossiers d’une même personne.",
        retention=retention.AS_LONG_AS_THE_FILE,
        rows=None,  # what two files have in common speaks of both: it is given to neither
        personal=dict.fromkeys(("decided_at", "decided_by"), KEPT),
        technical=("id", "uuid", "organisation", "first", "second", "alike", "score", "found_at", "state"),
        on_merge={"first": Treatment.STAYS, "second": Treatment.STAYS},
    ),
)
IMPERSONAL = (MovedRows,)
