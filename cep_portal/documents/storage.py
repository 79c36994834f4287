"""Bytes on disk outside the web root, under random names that say nothing of what they hold."""

import uuid
from pathlib import Path

from django.conf import settings


def keep(content: bytes, *, folder: str) -> str:
    """Write the bytes under a new random name; returns the path that the row keeps."""
    name = uuid.uuid4().hex
    path = Path(folder) / name[:2] / name
    target = Path(settings.PORTAL_DATA_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return str(path)


def read(path: str) -> bytes:
    return (Path(settings.PORTAL_DATA_DIR) / path).read_bytes()


def destroy(path: str) -> None:
    """Remove the bytes for good; safe to run twice. Call it once the decision is committed."""
    (Path(settings.PORTAL_DATA_DIR) / path).unlink(missing_ok=True)


def exists(path: str) -> bool:
    return (Path(settings.PORTAL_DATA_DIR) / path).is_file()
