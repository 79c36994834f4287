"""The demonstration's data folder: its lock, its secret, the environment that bin/manage reads back."""

import fcntl
import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import TextIO

from cep_portal.common.encryption import new_key
from cep_portal.local.servers import PostgresServer, ValkeyServer

ENVIRONMENT = "environment"
DATABASE = "portal"
SOURCES = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting", "static", "templates")


class FolderInUse(Exception):
    """Another demonstration holds the folder; the message names its process."""


def lock(data: Path) -> TextIO:
    """Hold the folder for this process's life; raise FolderInUse when another one does."""
    data.mkdir(parents=True, exist_ok=True)
    handle = (data / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        raise FolderInUse(handle.read().strip()) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


def empty(data: Path) -> None:
    """Remove everything but the lock that we hold."""
    for entry in data.iterdir():
        if entry.name == "lock":
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def prepare(data: Path) -> None:
    for name in ("run", "logs", "files"):
        (data / name).mkdir(exist_ok=True)


def _secret_key(data: Path) -> str:
    path = data / "secret-key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _note_keys(data: Path) -> str:
    """The key of this demonstration's notes, beside its database and never inside."""
    path = data / "note-keys"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(new_key())
    return path.read_text()


def environment(
    *,
    data: Path,
    port: int,
    postgres: PostgresServer,
    valkey: ValkeyServer,
    root: Path,
    settings: str = "dev",
) -> dict[str, str]:
    """Everything that the settings read, for this demonstration."""
    return {
        "DJANGO_SETTINGS_MODULE": f"cep_portal.settings.{settings}",
        "PYTHONPATH": str(root),
        "PORTAL_DEMONSTRATION": "1",
        "PORTAL_DATABASE_URL": postgres.url(DATABASE),
        "PORTAL_BROKER_URL": valkey.broker_url,
        "PORTAL_CACHE_URL": valkey.cache_url,
        "PORTAL_SECRET_KEY": _secret_key(data),
        "PORTAL_NOTE_KEYS": _note_keys(data),
        "PORTAL_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "PORTAL_BASE_URL": f"http://localhost:{port}",
        "PORTAL_DATA_DIR": str(data / "files"),
        "PORTAL_VIDEO_URL": "https://visio.exemple.example/{room}",  # a reserved name: no room is behind it
        "PORTAL_STATIC_ROOT": str(data / "static"),
    }


def built_scale(data: Path) -> str | None:
    path = data / "scale"
    return path.read_text() if path.exists() else None


def code_state(root: Path) -> str:
    """Fingerprint of every file that could change tables, static files or data; a few milliseconds."""
    state = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                state.update(f"{path} {path.stat().st_mtime_ns}".encode())
    state.update((root / "requirements.lock").read_bytes())
    return state.hexdigest()


def is_filled(data: Path, root: Path) -> bool:
    path = data / "filled"
    return path.exists() and path.read_text() == code_state(root)


def remember_filled(data: Path, *, root: Path, scale: str) -> None:
    (data / "filled").write_text(code_state(root))
    (data / "scale").write_text(scale)


def write_environment(data: Path, values: dict[str, str]) -> None:
    path = data / ENVIRONMENT
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


def read_environment(data: Path) -> dict[str, str]:
    """Read the environment of the demonstration; empty when none was ever started here."""
    path = data / ENVIRONMENT
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines)
