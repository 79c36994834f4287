"""The template: one migrated database on a test server, of which every test database is a copy.

Its name carries a hash of everything that decides the schema, so that a standing server keeps the
templates of several branches and never serves one that a changed migration has made wrong.
"""

import ast
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[1]
APPS = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
# Installed apps and their options; the migrations of libraries and the sets of their releases.
DECIDING = ("cep_portal/settings/base.py", "cep_portal/settings/test.py", "requirements.lock")
PREFIX = "portal_template_"
KEPT_TEMPLATES = 4
RUN_NAME = "portal test run"  # application_name of the connection that a living run holds
BUILD_LOCK = 20240102


class TemplateError(RuntimeError):
    """The migrations did not apply; the message is what they said."""


def schema_key(root: Path = ROOT) -> str:
    """Hash every file that decides the migrated schema: migrations, what they import, SQL, apps, lock."""
    state = hashlib.sha256(sys.version.encode())
    for path in sorted({*_deciding_files(root)}):
        state.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    return state.hexdigest()[:16]


def _deciding_files(root: Path) -> Iterator[Path]:
    yield from (root / name for name in DECIDING)
    for app in APPS:
        yield from (root / app).rglob("*.sql")
        for path in (root / app).rglob("migrations/**/*"):
            if path.is_file() and path.suffix != ".pyc":
                yield path
                if path.suffix == ".py":
                    yield from _imported_files(root, path)


def _imported_files(root: Path, migration: Path) -> Iterator[Path]:
    """Files of ours that a migration imports by name."""
    for node in ast.walk(ast.parse(migration.read_bytes())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            place = root / name.replace(".", "/")
            if name.partition(".")[0] in APPS:
                candidates = (place.with_suffix(".py"), place / "__init__.py")
                yield from (path for path in candidates if path.is_file())


def ensure_template(server: str) -> str:
    """Return the name of the migrated template on a server (libpq address); build it when it is missing."""
    template = PREFIX + schema_key()
    with psycopg.connect(server, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        known = line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone()
        if not known:
            _build(line, server, template)
        (used_at,) = line.execute("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.US')").fetchone()
        line.execute(f"COMMENT ON DATABASE {template} IS '{used_at}'")  # Python's clock is the tests'
        _drop_old_templates(line)
    return template


def _build(line: psycopg.Connection, server: str, template: str) -> None:
    """Migrate aside in a process of its own, then rename: a build that was killed leaves no template."""
    building = f"{template}_building"
    line.execute(f"DROP DATABASE IF EXISTS {building} WITH (FORCE)")
    line.execute(f"CREATE DATABASE {building}")
    # A replay on another day (PORTAL_TEST_…) moves the tests' clock, not the day of the migrations.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PORTAL_TEST_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "cep_portal.settings.test",
        "PORTAL_DATABASE_URL": make_conninfo(server, dbname=building),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TemplateError(done.stdout + done.stderr)
    line.execute(f"ALTER DATABASE {building} RENAME TO {template}")
    line.execute(f"ALTER DATABASE {template} ALLOW_CONNECTIONS false")


def _drop_old_templates(line: psycopg.Connection) -> None:
    """Keep the templates used last; their comment is when."""
    old = line.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        " ORDER BY shobj_description(oid, 'pg_database') DESC NULLS LAST OFFSET %s",
        [PREFIX, KEPT_TEMPLATES],
    )
    for (name,) in old.fetchall():
        line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def clone(server: str, *, template: str, name: str) -> None:
    """Copy the template; files are copied by the file system, in some 30 ms."""
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        line.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


def begin_run(server: str) -> psycopg.Connection:
    """Open the connection that says this run is alive, and drop what dead runs left behind."""
    line = psycopg.connect(server, autocommit=True, application_name=RUN_NAME)
    dead = line.execute(
        "SELECT datname FROM pg_database WHERE datname ~ '^portal_[0-9]+_'"
        " AND split_part(datname, '_', 2)::int NOT IN"
        " (SELECT pid FROM pg_stat_activity WHERE application_name = %s)",
        [RUN_NAME],
    )
    _drop(line, dead.fetchall())
    return line


def run_number(line: psycopg.Connection) -> int:
    """Return the second word of the names of a run's databases: who asks the server finds it alive."""
    return line.info.backend_pid


def end_run(line: psycopg.Connection) -> None:
    own = line.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [f"portal_{run_number(line)}_"]
    )
    _drop(line, own.fetchall())
    line.close()


def _drop(line: psycopg.Connection, names: list[tuple[str]]) -> None:
    for (name,) in names:
        line.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
