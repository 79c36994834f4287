"""What leaves the training place says that it is worth nothing: pages, papers, messages, calendars."""

from django.conf import settings

MARK = "Entraînement, sans valeur"


def marked(text: str) -> str:
    """The text as it may leave: with the mark before it in the training place, as it is elsewhere."""
    return f"[{MARK}] {text}" if settings.PORTAL_TRAINING else text
