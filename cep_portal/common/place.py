"""What leaves the training place says that it is worth nothing: pages, papers, messages, calendars, files."""

import re

from django.conf import settings

MARK = "Entraînement, sans valeur"
SHORT = "ENTRAINEMENT"  # in names of files and of sheets, which hold few signs
TITLE = re.compile(r"(<title>)(.*?)(</title>)", re.DOTALL)


def marked(text: str) -> str:
    """The text as it may leave: with the mark before it in the training place, as it is elsewhere."""
    return f"[{MARK}] {text}" if settings.PORTAL_TRAINING else text


def marked_name(name: str) -> str:
    """The name of a file, of a folder or of a sheet as it may leave; marked once."""
    if not settings.PORTAL_TRAINING or not name or name.startswith(SHORT):
        return name
    return f"{SHORT}-{name}"


def marked_title(html: str) -> str:
    """A page whose title says the mark: a reader of PDF shows it, whatever template printed it."""
    if not settings.PORTAL_TRAINING:
        return html
    return TITLE.sub(lambda found: f"{found[1]}{marked(found[2].strip())}{found[3]}", html, count=1)
