"""What this subject keeps about people, column by column (cep_portal.common.personal_data)."""

from collections.abc import Iterable

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, FileKind, PersonManifest, Subject, Treatment
from operators.casework.attachments import person_file
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from operators.casework.attachments.services import content_of, erase_attachments
from operators.casework.desk.person_file import reasons_given


def _clean_files(subject: Subject) -> Iterable[tuple[str, bytes]]:
    """The clean files of a person, under names that no two share."""
    clean = Attachment.objects.filter(
        pathway__beneficiary=subject.beneficiary_id, state=AttachmentState.CLEAN
    )
    for number, attachment in enumerate(clean.order_by("added_at", "pk"), start=1):
        yield f"fichier-{number:02d}-{attachment.file_name}", content_of(attachment)


def _held_files(subject: Subject) -> Iterable[tuple[str, str]]:
    """The files whose bytes the copy does not give, and why."""
    others = Attachment.objects.filter(pathway__beneficiary=subject.beneficiary_id).exclude(
        state=AttachmentState.CLEAN
    )
    for attachment in others.order_by("added_at", "pk"):
        name = f"Fichier « {attachment.file_name} »" if attachment.file_name else "Un fichier"
        yield name, NOT_ENCLOSED[AttachmentState(attachment.state)]


NOT_ENCLOSED = {
    AttachmentState.HELD: "Il attend le verdict de l’antivirus. Demandez une autre copie demain.",
    AttachmentState.INFECTED: "L’antivirus y a trouvé un virus. Son contenu est détruit.",
    AttachmentState.REMOVED: "Il a été retiré. Son contenu est détruit.",
}
MANIFESTS = (
    PersonManifest(
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
        technical=("id", "uuid", "pathway", "added_by", "sha256", "sent_sha256", "path", "scanned_at"),
        files=_clean_files,
        left_out=_held_files,
        erase_with=lambda subject, now: erase_attachments(beneficiary_id=subject.beneficiary_id, now=now),
        on_merge={"pathway": Treatment.STAYS},
        on_transfer="FILE",
        opened=FileKind("Fichier du parcours", person_file.attachment_readers, reasons_given),
    ),
)
