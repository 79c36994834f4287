"""Migrations: one line an app, no code of the portal inside, and the present text of each SQL function."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django_linear_migrations.apps import check_max_migration_files

from cep_portal.settings.base import ROOT
from tests.database import SERVER

APPS = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
MIGRATIONS = sorted(file for app in APPS for file in (ROOT / app).rglob("migrations/0*.py"))
TEXTS = sorted(
    file for app in APPS for file in (ROOT / app).rglob("sql/*.sql") if file.parts[-3] != "migrations"
)
# A type of column is kept for ever, as a library's would be: migrations name it.
COLUMN_TYPES = {"cep_portal.common.marks"}
# The functions of pgtrigger's triggers are written in the models; those of an extension are not ours.
OUR_FUNCTIONS = """
    SELECT oid::regprocedure::text, pg_get_functiondef(oid)
    FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
        AND proname !~ '^_?pgtrigger_'
        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""
OUR_TRIGGERS = """
    SELECT tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger
    WHERE NOT tgisinternal AND tgname !~ '^pgtrigger_'
"""


def definitions() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(OUR_FUNCTIONS)
        functions = dict(cursor.fetchall())
        cursor.execute(OUR_TRIGGERS)
        return functions | dict(cursor.fetchall())


def imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    names = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    names |= {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.partition(".")[0] for name in names - COLUMN_TYPES}


def test_models_and_migrations_agree():
    """Asked of a new process: here a test may have moved the clock that a migration read as its default."""
    asked = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        env=os.environ | {"PORTAL_DATABASE_URL": os.environ[SERVER]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (asked.returncode, asked.stdout.strip()) == (0, "No changes detected")


def test_each_app_has_one_line_of_migrations():
    assert check_max_migration_files() == []


@pytest.mark.parametrize("file", MIGRATIONS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_migration_imports_no_code_of_the_portal(file):
    assert imported(file) & set(APPS) == set()


@pytest.mark.django_db
def test_the_database_holds_the_present_text_of_each_function():
    before = definitions()

    with transaction.atomic():
        for text in TEXTS:  # psycopg's own line: one of them reads the clock of the database (ADR 0067)
            connection.connection.execute(text.read_text(encoding="utf-8"))
        after = definitions()
        transaction.set_rollback(True)

    assert after == before


@pytest.mark.django_db
def test_each_function_of_the_database_has_a_present_text():
    written = "".join(text.read_text(encoding="utf-8") for text in TEXTS)
    functions = re.findall(r"^CREATE OR REPLACE FUNCTION (\w+)\(", written, re.MULTILINE)
    triggers = re.findall(r"^CREATE OR REPLACE TRIGGER (\w+)\n.* ON (\w+)$", written, re.MULTILINE)

    named = {name.partition("(")[0] for name in definitions()}

    assert named == {*functions, *(f"{table}.{name}" for name, table in triggers)}
