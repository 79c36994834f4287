"""What a test may not do, whatever it tests: each guard is a fixture used by every test."""

import re
import socket
from datetime import UTC, datetime
from unittest import mock

import psycopg
import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models.sql.compiler import SQLCompiler
from django.test.client import ClientHandler

from tests.database_clock import clock_read_by

READ_ONLY_METHODS = {"GET", "HEAD", "OPTIONS"}
# What the database dates by itself (cep_portal.common.pasts): its clock is said to be the test's first.
DATED = re.compile(
    r"""\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?"""
    r"(?:beneficiaries_servicerequest|operators_(?:appointment|pathway|counsellingsession)|reporting_survey)\b|portal_settled",
    re.IGNORECASE,
)
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY")
# A page may keep the visitor's session and when it was seen; allauth marks a factor as seen. Nothing else.
WRITABLE_IN_GET = ('"django_session"', '"accounts_browsersession"', '"mfa_authenticator"')


@pytest.fixture(autouse=True, scope="session")
def _no_network():
    """Only this machine answers: a test never reaches the network."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test wanted to reach {address}")
        return connect(self, address)

    with mock.patch.object(socket.socket, "connect", guarded):
        yield


@pytest.fixture(autouse=True, scope="session")
def _row_locks_name_their_table():
    """A lock on a join without `of` locks every joined row (les-emplois)."""
    compile_sql = SQLCompiler.as_sql

    def named(self, *args, **kwargs):
        query = self.query
        if query.select_for_update and not query.select_for_update_of:
            joined = [alias for alias in query.alias_map if query.alias_refcount[alias]]
            assert len(joined) < 2, "select_for_update on a join needs of=(…)"
            assert not query.select_related, "select_for_update with select_related needs of=(…)"
        return compile_sql(self, *args, **kwargs)

    with mock.patch.object(SQLCompiler, "as_sql", named):
        yield


def say_instant(line) -> None:
    """Have what follows on a connection dated by the test's clock: it stands still or runs with Python's."""
    if line.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
        line.execute("SELECT set_config('portal.now', %s, false)", [datetime.now(UTC).isoformat()])


@pytest.fixture(autouse=True, scope="session")
def _statements_read_no_clock():
    """An instant is passed to PostgreSQL: its own clock is no test's (tests/clock.py)."""
    execute = CursorWrapper._execute_with_wrappers

    def guarded(self, sql, params, many, executor):
        if read := clock_read_by(str(sql)):
            raise AssertionError(f"a statement read the database's clock, {read}: {str(sql)[:120]}")
        if DATED.search(str(sql)):
            say_instant(self.db.connection)
        return execute(self, sql, params, many, executor)

    with mock.patch.object(CursorWrapper, "_execute_with_wrappers", guarded):
        yield


@pytest.fixture(autouse=True, scope="session")
def _reading_writes_nothing():
    """A GET never writes, but for the session."""
    respond = ClientHandler.get_response

    def guarded(self, request):
        if request.method not in READ_ONLY_METHODS:
            return respond(self, request)
        with connection.execute_wrapper(_refuse_writes):
            return respond(self, request)

    with mock.patch.object(ClientHandler, "get_response", guarded):
        yield


def _is_reading_log(sql, params) -> bool:
    """accounts.services.record_opening: who opened a file is written as the file is shown."""
    opened = any(isinstance(value, str) and value.endswith(".opened") for value in params or ())
    return sql.startswith('INSERT INTO "accounts_auditevent"') and opened


def _refuse_writes(execute, sql, params, many, context):
    words = sql.lstrip().split(None, 3)
    allowed = any(table in sql for table in WRITABLE_IN_GET) or _is_reading_log(sql, params)
    if words and words[0].upper() in WRITES and not allowed:
        raise AssertionError(f"a GET wrote: {sql[:120]}")
    return execute(sql, params, many, context)
