import hashlib
import secrets
import uuid
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlparse

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import HTML, URLFetcher
from weasyprint.urls import URLFetcherResponse

from cep_portal.documents.errors import RemoteResourceRefused
from cep_portal.documents.models import StoredDocument

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class StaticOnlyFetcher(URLFetcher):
    """Serves our own static files and nothing else: no file, no network (trust.md, 77)."""

    def fetch(self, url, headers=None):
        parts = urlparse(url)
        if parts.scheme != "static":
            raise RemoteResourceRefused(
                f"Un document ne charge que nos fichiers : {parts.scheme}."
            )
        found = finders.find(unquote(parts.path.lstrip("/")))
        if found is None:
            raise RemoteResourceRefused(f"Fichier inconnu : {parts.path}.")
        return URLFetcherResponse(url, body=Path(found).read_bytes())


def render_pdf(*, template: str, context: dict) -> bytes:
    """A tagged PDF (pdf/ua-1) of one of our templates; assets are written `static:/css/print.css`."""
    html = render_to_string(template, context)
    document = HTML(string=html, base_url="static:/", url_fetcher=StaticOnlyFetcher())
    return document.write_pdf(pdf_variant="pdf/ua-1")


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
    media_type: str = "application/pdf",
    version: int = 1,
) -> StoredDocument:
    """Store the bytes under a random name with their hash; `check_code` is the one printed inside."""
    name = uuid.uuid4().hex
    path = Path("documents") / name[:2] / name
    target = Path(settings.PORTAL_DATA_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return StoredDocument.objects.create(
        kind=kind,
        title=title,
        version=version,
        file_name=file_name,
        media_type=media_type,
        path=str(path),
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        check_code=check_code or new_check_code(),
        issued_at=now,
    )


def read_document(document: StoredDocument) -> bytes:
    """The bytes as issued; raises ValueError when they no longer match their hash."""
    content = (Path(settings.PORTAL_DATA_DIR) / document.path).read_bytes()
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise ValueError(f"stored document {document.uuid} was altered")
    return content
