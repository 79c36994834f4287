"""Test databases are copies of one migrated template: pytest-django's own set-up never runs."""

import os

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg.conninfo import make_conninfo

from tests import template
from tests.database import pytest_collection_modifyitems

SERVER = "PORTAL_TEST_SERVER"


@pytest.fixture
def server_line():
    with psycopg.connect(os.environ[SERVER], autocommit=True) as line:
        yield line


@pytest.fixture
def source(tmp_path):
    """A small project: a migration that imports a module and reads a text, a service beside them."""
    for name in (
        *template.DECIDING,
        "operators/migrations/0001_initial.py",
        "operators/migrations/sql/0001.sql",
        "operators/defaults.py",
        "operators/services.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import operators.defaults\n" if "migrations" in name else "")
    return tmp_path


@pytest.mark.django_db
def test_database_is_this_runs_copy():
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

    with connection.cursor() as cursor:
        (name,) = cursor.execute("SELECT current_database()").fetchone()

    assert name == f"portal_{os.environ['PORTAL_TEST_RUN']}_{worker}"


@pytest.mark.django_db
def test_every_migration_ran_before_the_database_was_copied():
    with connection.cursor() as cursor:
        copied_at, migrated_at = cursor.execute(
            "SELECT (pg_stat_file('base/' || oid || '/PG_VERSION')).modification,"
            # A file's instant is kept in whole seconds.
            " (SELECT date_trunc('second', max(applied)) FROM django_migrations)"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert migrated_at <= copied_at


@pytest.mark.django_db
def test_template_holds_every_migration():
    """Fails when the template's key forgets a file that decides the schema."""
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_content_types_come_back_after_a_flush(time):
    assert ContentType.objects.filter(app_label="operators", model="appointment").count() == 1


def test_rows_of_migrations_brought_back_are_refused(request):
    item = request.node
    pytest_collection_modifyitems([item])
    item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))

    with pytest.raises(pytest.UsageError, match="serialized_rollback"):
        pytest_collection_modifyitems([item])


@pytest.mark.parametrize(
    "changed",
    [
        "operators/migrations/0001_initial.py",
        "operators/migrations/sql/0001.sql",
        "operators/defaults.py",
        *template.DECIDING,
    ],
)
def test_key_follows_what_decides_the_schema(source, changed):
    before = template.schema_key(source)

    (source / changed).write_text("other = 1")

    assert template.schema_key(source) != before


def test_key_follows_a_migration_that_is_renamed(source):
    before = template.schema_key(source)

    (source / "operators/migrations/0001_initial.py").rename(source / "operators/migrations/0001_first.py")

    assert template.schema_key(source) != before


def test_key_ignores_what_decides_no_schema(source):
    before = template.schema_key(source)

    (source / "operators/services.py").write_text("other = 1")

    assert template.schema_key(source) == before


def test_databases_of_dead_runs_are_dropped_and_the_living_keep_theirs(server_line):
    server = os.environ[SERVER]
    server_line.execute("DROP DATABASE IF EXISTS portal_1_gw0")  # no backend has this number
    server_line.execute("CREATE DATABASE portal_1_gw0")
    living = template.begin_run(server)
    name = f"portal_{template.run_number(living)}_gw0"
    server_line.execute(f"CREATE DATABASE {name}")
    kept = ["portal_1_gw0", name]

    template.begin_run(server).close()
    left = server_line.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", [kept]).fetchall()
    template.end_run(living)
    ended = server_line.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", [kept]).fetchall()

    assert (left, ended) == ([(name,)], [])


def test_template_accepts_no_connection():
    name = template.ensure_template(os.environ[SERVER])

    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        psycopg.connect(make_conninfo(os.environ[SERVER], dbname=name))
