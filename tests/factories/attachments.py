import hashlib

import factory
from factory.django import DjangoModelFactory

from cep_portal.documents.gateways import storage
from operators.casework.attachments.enums import AttachmentState
from operators.casework.attachments.models import Attachment
from tests.clock import moved
from tests.factories.dates import instant
from tests.factories.operators import PathwayFactory

ADDED = moved("2026-11-20 10:00")


class AttachmentFactory(DjangoModelFactory):
    """A file that waits for the scanner, its bytes on disk; `content=` says which."""

    class Meta:
        model = Attachment
        exclude = ["content"]

    content = factory.Sequence(lambda n: b"%%PDF-1.7 file %d" % n)
    pathway = factory.SubFactory(PathwayFactory)
    added_by = factory.SelfAttribute("pathway.adviser.user")
    is_from_person = False
    file_name = "cv.pdf"
    media_type = "application/pdf"
    size_bytes = factory.LazyAttribute(lambda row: len(row.content))
    sha256 = factory.LazyAttribute(lambda row: hashlib.sha256(row.content).hexdigest())
    path = factory.LazyAttribute(lambda row: storage.keep(row.content, folder="attachments"))
    added_at = instant("2026-11-20 10:00")


def clean_attachment(**details) -> Attachment:
    """A file the scanner found clean: the database wants it held first."""
    attachment = AttachmentFactory(**details)
    Attachment.objects.filter(pk=attachment.pk).update(state=AttachmentState.CLEAN, scanned_at=ADDED)
    attachment.refresh_from_db()
    return attachment
