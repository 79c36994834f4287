"""The title of a page is its main heading, and says first that a form came back with errors (RGAA 8.6).

A heading that names a person says its title in `data-title`: a name is left in no tab, history or screenshot
of a shared computer.
"""

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
UNNAMED = re.compile(r'<h1\b[^>]*\bdata-title="([^"]*)"')
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
WRONG = re.compile(r'class="(error-summary|field has-error|[^"]* has-error)[ "]')
SITE = "Mon CEP"


def titled(page: str) -> SafeString:
    """The page titled « Erreur – » when it shows errors, its first `h1` or its `data-title`, then the site.

    Without any `h1`, the title written in the page stays. The page comes from a template: already escaped.
    """
    heading = UNNAMED.search(page) or HEADING.search(page)
    written = TITLE.search(page)
    if written is None:
        return SafeString(page)
    words = " ".join(strip_tags((heading or written)[1]).split())
    title = f"Erreur – {words}" if WRONG.search(page) else words
    return SafeString(f"{page[: written.start(1)]}{title} – {SITE}{page[written.end(1) :]}")
