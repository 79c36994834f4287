"""Bytes on disk outside the web root, under random names that say nothing of what they hold."""

import uuid
from pathlib import Path

from django.conf import settings


def keep(content: bytes, *, folder: str) -> str:
    """Write the bytes under a new random name; returns the path that the row keeps."""
    path = new_place(folder=folder)
    whole_path(path).write_bytes(content)
    return path


def new_place(*, folder: str) -> str:
    """A new random name for bytes too many for memory: the caller writes them at whole_path()."""
    name = uuid.uuid4().hex
    path = Path(folder) / name[:2] / name
    whole_path(str(path)).parent.mkdir(parents=True, exist_ok=True)
    return str(path)


def whole_path(path: str) -> Path:
    return Path(settings.PORTAL_DATA_DIR) / path


def read(path: str) -> bytes:
    return whole_path(path).read_bytes()


def destroy(path: str) -> None:
    """Remove the bytes for good; safe to run twice. Call it once the decision is committed."""
    whole_path(path).unlink(missing_ok=True)


def exists(path: str) -> bool:
    return whole_path(path).is_file()
