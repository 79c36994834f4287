"""Who is expected to open files, and what becomes of them with a person's file."""

from collections.abc import Iterable

from beneficiaries.request.models import Beneficiary
from beneficiaries.rights.hooks import Readers
from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonalData, Subject, register
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.services import content_of, erase_attachments
from operators.casework.pathways.person_file import pathway_readers


def attachment_readers(beneficiary: Beneficiary) -> dict[int, Readers]:
    """The person's files, each with those who follow the person, as for the pathway."""
    own = Attachment.objects.filter(pathway__beneficiary=beneficiary).order_by("pk")
    found = list(own.values_list("pk", "pathway_id"))
    readers = pathway_readers(beneficiary) if found else {}
    return {pk: readers[pathway] for pk, pathway in found}


def _clean_files(subject: Subject) -> Iterable[tuple[str, bytes]]:
    """The clean files of a person, under names that no two share."""
    clean = Attachment.objects.filter(
        pathway__beneficiary=subject.beneficiary_id, state=AttachmentState.CLEAN
    )
    for number, one in enumerate(clean.order_by("added_at", "pk"), start=1):
        yield f"fichier-{number:02d}-{one.file_name}", content_of(one)


def declare() -> None:
    register(
        PersonalData(
            model=Attachment,
            title="Les fichiers de votre parcours",
            purpose="Préparer et suivre votre projet.",
            retention=retention.DESTROYED_FILES,
            order=49,
            rows=lambda subject: Attachment.objects.filter(pathway__beneficiary=subject.beneficiary_id),
            personal={
                "file_name": "",
                **dict.fromkeys(
                    ("is_from_person", "media_type", "size_bytes", "state", "added_at", "removed_at"), KEPT
                ),
            },
            technical=("id", "uuid", "pathway", "added_by", "sha256", "path", "scanned_at"),
            files=_clean_files,
            erase_with=lambda subject, now: erase_attachments(beneficiary_id=subject.beneficiary_id, now=now),
        )
    )
