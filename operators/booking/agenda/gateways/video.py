"""The room of a video session, at the configured provider: 128 random bits, one room a session."""

import secrets

from django.conf import settings

from operators.booking.agenda.errors import VideoUnavailable
from operators.network.enums import Mode

ROOM_BYTES = 16


def is_available() -> bool:
    """Whether a provider is set; without one, no video session is offered."""
    return bool(settings.PORTAL_VIDEO_URL)


def check_available(mode: str) -> None:
    """Raises VideoUnavailable for a video session that nobody could join."""
    if mode == Mode.VIDEO and not is_available():
        raise VideoUnavailable("Les rendez-vous en visio ne sont pas proposés ici. Choisissez le téléphone.")


def room_url(mode: str) -> str:
    """The address of a new room, or nothing for another mode."""
    if mode != Mode.VIDEO or not is_available():
        return ""
    return settings.PORTAL_VIDEO_URL.replace("{room}", secrets.token_urlsafe(ROOM_BYTES))
