import hashlib
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction

from beneficiaries.request.services.guard import check_person, lock_person
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.documents.gateways import storage
from cep_portal.documents.gateways.clamd import ScannerUnavailable, find_virus
from cep_portal.documents.rules.uploads import inspect_upload, require_sane_weight
from operators.casework.attachments import rules, selectors
from operators.casework.attachments.enums import ATTACHMENT_TRANSITIONS, KEPT_STATES, AttachmentState
from operators.casework.attachments.errors import AlreadyRemoved, AlreadyThere, NotYours, TooManyAttachments
from operators.casework.attachments.models import Attachment
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import require_not_transferred

FOLDER = "attachments"
ALREADY_THERE = "Ce fichier est déjà là."
SCANNED_AT_ONCE = 200  # by one passage of the clock


@transaction.atomic
def copy_attachment(
    *,
    pathway: Pathway,
    name: str,
    media_type: str,
    content: bytes,
    is_from_person: bool,
    added_by: User,
    by: User,
    now: datetime,
) -> Attachment | None:
    """Keep in a pathway the bytes of a file that was inspected before, under a place of their own.

    Held like any other until the scanner's verdict. None when the very file is there already.
    """
    digest = hashlib.sha256(content).hexdigest()
    lock_person(pathway.beneficiary)
    if selectors.is_there(pathway=pathway, sha256=digest):
        return None
    attachment = Attachment.objects.create(
        pathway=pathway,
        added_by=added_by,
        is_from_person=is_from_person,
        file_name=name,
        media_type=media_type,
        size_bytes=len(content),
        sha256=digest,
        path=storage.keep(content, folder=FOLDER),
        added_at=now,
    )
    record(
        action="operators.attachment.copied",
        target=attachment,
        by=by,
        data={"pathway": pathway.pk, "media_type": media_type, "size": len(content)},
        now=now,
    )
    later(TaskName.SCAN_ATTACHMENT, attachment_id=attachment.pk)
    return attachment


@transaction.atomic
def add_attachment(*, pathway: Pathway, name: str, content: bytes, by: User, now: datetime) -> Attachment:
    """Keep a file of a pathway, held until the scanner's verdict, which is asked once committed.

    Raises UploadRefused (kind, size, what it holds), AlreadyThere, TooManyAttachments, FileRestricted,
    PathwayTransferred.
    """
    check_person(pathway.beneficiary_id)
    require_sane_weight(content)
    sent = hashlib.sha256(content).hexdigest()
    if selectors.is_there(pathway=pathway, sha256=sent):  # before it is opened, which may take a second
        raise AlreadyThere(ALREADY_THERE)
    upload = inspect_upload(name=name, content=content)
    digest = hashlib.sha256(upload.content).hexdigest()
    lock_person(pathway.beneficiary_id)
    require_not_transferred(pathway.pk)
    if selectors.is_there(pathway=pathway, sha256=digest):
        raise AlreadyThere(ALREADY_THERE)
    if selectors.kept_count(pathway=pathway) >= settings.PORTAL_UPLOADS_A_PATHWAY:
        raise TooManyAttachments("Ce parcours a trop de fichiers : retirez-en avant d’en ajouter.")
    attachment = Attachment.objects.create(
        pathway=pathway,
        added_by=by,
        is_from_person=by.role == Role.BENEFICIARY,
        file_name=upload.name,
        media_type=upload.media_type,
        size_bytes=len(upload.content),
        sha256=digest,
        sent_sha256=sent,
        path=storage.keep(upload.content, folder=FOLDER),
        added_at=now,
    )
    record(
        action="operators.attachment.added",
        target=attachment,
        by=by,
        data={"pathway": pathway.pk, "media_type": upload.media_type, "size": len(upload.content)},
        now=now,
    )
    later(TaskName.SCAN_ATTACHMENT, attachment_id=attachment.pk)
    return attachment


def scan_attachment(*, attachment_id: int, now: datetime) -> str:
    """Ask the scanner about a held file and write its verdict; returns the state it is in.

    Without an answer the file stays held. The scanner is asked before any row is locked.
    """
    attachment = Attachment.objects.get(pk=attachment_id)
    if attachment.state != AttachmentState.HELD:
        return attachment.state
    try:
        virus = find_virus(storage.read(attachment.path))
    except (ScannerUnavailable, FileNotFoundError):  # removed meanwhile, or no verdict
        return AttachmentState.HELD
    return _write_verdict(attachment_id, virus, now=now)


@transaction.atomic
def _write_verdict(attachment_id: int, virus: str | None, *, now: datetime) -> str:
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment_id)
    target = AttachmentState.CLEAN if virus is None else AttachmentState.INFECTED
    if target not in ATTACHMENT_TRANSITIONS[AttachmentState(attachment.state)]:
        return attachment.state
    attachment.state, attachment.scanned_at = target, now
    if virus is not None:
        _forget_bytes(attachment)
    attachment.save(update_fields=["state", "scanned_at", "path"])
    data = {} if virus is None else {"virus": virus[:80]}
    record(action=f"operators.attachment.{target.lower()}", target=attachment, by=None, data=data, now=now)
    return target


def scan_held(*, now: datetime) -> int:
    """Ask again about the files that wait, oldest first; stops when the scanner does not answer."""
    settled = 0
    for key in list(selectors.held().values_list("pk", flat=True)[:SCANNED_AT_ONCE]):
        if scan_attachment(attachment_id=key, now=now) == AttachmentState.HELD:
            break
        settled += 1
    return settled


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: User, now: datetime) -> Attachment:
    """Take a file back: its bytes are destroyed. Raises NotYours, AlreadyRemoved, FileRestricted."""
    lock_person(attachment.pathway.beneficiary_id)
    attachment = Attachment.objects.select_for_update(of=("self",)).get(pk=attachment.pk)
    if not rules.may_remove(by, is_from_person=attachment.is_from_person):
        raise NotYours("Ce fichier a été ajouté par quelqu’un d’autre : demandez-lui de le retirer.")
    if attachment.state == AttachmentState.REMOVED:
        raise AlreadyRemoved("Ce fichier est déjà retiré.")
    _remove(attachment, now=now)
    record(action="operators.attachment.removed", target=attachment, by=by, now=now)
    return attachment


def _remove(attachment: Attachment, *, now: datetime) -> None:
    attachment.state, attachment.removed_at = AttachmentState.REMOVED, now
    _forget_bytes(attachment)
    attachment.save(update_fields=["state", "removed_at", "path"])


def _forget_bytes(attachment: Attachment) -> None:
    if attachment.path:
        transaction.on_commit(partial(storage.destroy, attachment.path))
    attachment.path = ""


@transaction.atomic
def erase_attachments(*, beneficiary_id: int, now: datetime) -> None:
    """Remove every file of a person, and the names they bore. Safe to run twice."""
    own = Attachment.objects.filter(pathway__beneficiary=beneficiary_id)
    for attachment in own.filter(state__in=KEPT_STATES).select_for_update(of=("self",)).order_by("pk"):
        _remove(attachment, now=now)
    own.update(file_name="")


def content_of(attachment: Attachment) -> bytes:
    """The bytes of a clean file, as they were scanned. Raises ValueError when they were altered."""
    content = storage.read(attachment.path)
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise ValueError(f"attachment {attachment.uuid} was altered")
    return content
