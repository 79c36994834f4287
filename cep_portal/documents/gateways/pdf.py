"""HTML to a tagged PDF. Imported only where a document is printed."""

import mimetypes
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import CSS, HTML, URLFetcher
from weasyprint.urls import URLFetcherResponse

from cep_portal.common.place import marked_title
from cep_portal.common.wording.typography import spaced_page
from cep_portal.documents.errors import RemoteResourceRefused


class StaticOnlyFetcher(URLFetcher):
    """Serves our own static files and nothing else: no file, no network.

    WeasyPrint only logs a fetch that fails: what was refused is kept for `render_pdf` to raise.
    """

    def __init__(self) -> None:
        # No request leaves: the usual context would read every authority of the machine, 25 ms a document.
        super().__init__(ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self.refusals: list[RemoteResourceRefused] = []

    def fetch(self, url: str, headers: Any = None) -> Any:  # noqa: ARG002 -- WeasyPrint's signature
        parts = urlparse(url)
        path = _static_file(parts.path) if parts.scheme == "static" else None
        if path is None:
            refusal = RemoteResourceRefused(f"Un document ne charge que nos fichiers : {url[:100]}.")
            self.refusals.append(refusal)
            raise refusal
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, body=path.read_bytes(), headers={"Content-Type": media_type})


def _static_file(path: str) -> Path | None:
    try:
        found = finders.find(unquote(path.lstrip("/")))
    except SuspiciousFileOperation:
        return None
    return Path(found) if found else None


def _watermark(fetcher: StaticOnlyFetcher) -> list[CSS]:
    """Behind each page of each document of the training place, whatever template printed it."""
    if not settings.PORTAL_TRAINING:
        return []
    return [CSS(url="static:/css/print-training.css", url_fetcher=fetcher)]


def tagged_pdf(html: str) -> bytes:
    """Print as pdf/ua-1; raise RemoteResourceRefused when the page asks for anything but our static files."""
    fetcher = StaticOnlyFetcher()
    prose = marked_title(spaced_page(html) if settings.PORTAL_TYPOGRAPHY else html)
    page = HTML(string=prose, base_url="static:/", url_fetcher=fetcher)
    content = page.write_pdf(pdf_variant="pdf/ua-1", stylesheets=_watermark(fetcher))
    if fetcher.refusals:
        raise fetcher.refusals[0]
    return content
