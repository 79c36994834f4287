import hashlib
import mimetypes
import secrets
from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header

from cep_portal.common.days import PARIS
from cep_portal.documents.gateways import storage
from cep_portal.documents.models import StoredDocument

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def render_pdf(*, template: str, context: dict) -> bytes:
    """A tagged PDF (pdf/ua-1) of a template that extends `documents/pdf/base.html`.

    Raises RemoteResourceRefused when the page asks for anything but our static files, written `static:/…`.
    """
    # WeasyPrint costs a second and 45 MiB: only a process that prints pays for it.
    from cep_portal.documents.gateways import pdf  # noqa: PLC0415

    return pdf.tagged_pdf(render_to_string(template, {**_portal_facts(), **context}))


def _portal_facts() -> dict:
    return {
        "demonstration": settings.PORTAL_DEMONSTRATION,
        "training": settings.PORTAL_TRAINING,
        "base_url": settings.PORTAL_BASE_URL,
    }


def new_check_code() -> str:
    """80 random bits in 16 characters that are hard to confuse."""
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


def issue_document(
    *,
    kind: str,
    title: str,
    file_name: str,
    content: bytes,
    now: datetime,
    check_code: str | None = None,
    zone: str = PARIS,
    version: int = 1,
) -> StoredDocument:
    """Store the bytes under a random name with their hash; `check_code` is the one printed inside.

    `title` is the nature that the public check page shows: it names nobody. `zone` is that of the hours
    printed inside: the page says the same words.
    """
    return StoredDocument.objects.create(
        kind=kind,
        title=title,
        version=version,
        file_name=file_name,
        media_type=mimetypes.guess_type(file_name)[0] or "application/octet-stream",
        zone=zone,
        path=storage.keep(content, folder="documents"),
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        check_code=check_code or new_check_code(),
        issued_at=now,
    )


def read_document(document: StoredDocument) -> bytes:
    """The bytes as issued; raises ValueError when they no longer match their hash."""
    content = storage.read(document.path)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise ValueError(f"stored document {document.uuid} was altered")
    return content


def destroy_file(document: StoredDocument) -> None:
    """Remove the bytes for good; the row stays, so the check page still knows the code. Safe to run twice.

    Call it once the decision is committed: a file cannot be brought back by a rollback.
    """
    storage.destroy(document.path)


def file_exists(document: StoredDocument) -> bool:
    return storage.exists(document.path)


def file_response(document: StoredDocument) -> HttpResponse:
    """The stored file as a download that no cache keeps; the calling view has checked who asks."""
    return download(read_document(document), name=document.file_name, media_type=document.media_type)


def download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Bytes that a browser saves, never shows, and that no cache keeps."""
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_cache_control(response, private=True, no_store=True)
    return response
