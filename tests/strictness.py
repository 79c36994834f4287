"""What a test may not do, whatever it tests: each guard is a fixture used by every test."""

import random
import socket
from unittest import mock

import pytest
from django.db import connection
from django.db.models.query import QuerySet
from django.test.client import ClientHandler

READ_ONLY_METHODS = {"GET", "HEAD", "OPTIONS"}
WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "COPY")
# A page may keep the visitor's session; nothing else is written by looking.
WRITABLE_IN_GET = ('"django_session"',)


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
def _shuffle_unordered_querysets():
    """An order nobody asked for is no order: code that relies on it fails one day in two."""
    fetch, rng = QuerySet._fetch_all, random.Random()

    def shuffled(self):
        fresh = self._result_cache is None
        fetch(self)
        if fresh and not self.ordered and not self.query.is_sliced and len(self._result_cache) > 1:
            rng.shuffle(self._result_cache)

    with mock.patch.object(QuerySet, "_fetch_all", shuffled):
        yield


@pytest.fixture(autouse=True, scope="session")
def _row_locks_name_their_table():
    """`select_for_update` without `of` locks every joined row (les-emplois)."""
    lock = QuerySet.select_for_update

    def named(self, nowait=False, skip_locked=False, of=(), no_key=False):  # noqa: FBT002 -- Django's signature
        assert of, "select_for_update needs of=(…)"
        return lock(self, nowait=nowait, skip_locked=skip_locked, of=of, no_key=no_key)

    with mock.patch.object(QuerySet, "select_for_update", named):
        yield


@pytest.fixture(autouse=True, scope="session")
def _reading_writes_nothing():
    """A GET never writes, but for the session (trust.md, 11)."""
    respond = ClientHandler.get_response

    def guarded(self, request):
        if request.method not in READ_ONLY_METHODS:
            return respond(self, request)
        with connection.execute_wrapper(_refuse_writes):
            return respond(self, request)

    with mock.patch.object(ClientHandler, "get_response", guarded):
        yield


def _refuse_writes(execute, sql, params, many, context):
    words = sql.lstrip().split(None, 3)
    if words and words[0].upper() in WRITES and not any(table in sql for table in WRITABLE_IN_GET):
        raise AssertionError(f"a GET wrote: {sql[:120]}")
    return execute(sql, params, many, context)
