"""Is PostgreSQL there? Asked before a connection, and while a statement is under way: never waited for.

libpq waits for ever for a server that is stopped but not dead, or for an address that swallows packets.
"""

import contextlib
import os
import socket
import struct
import threading
import time
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

ANSWER_SECONDS = 0.9  # for one byte of a server that is asked whether it speaks TLS
LOOK_SECONDS = 0.3  # between two looks at the statements under way
AWAY_SECONDS = 1.0  # during which nobody asks again
TLS_QUESTION = struct.pack("!ii", 8, 80877103)  # SSLRequest: any PostgreSQL answers it before who asks


class Watch:
    """The connections of one process, and what is known of their server."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asking = threading.Lock()
        self.connections: dict[int, psycopg.Connection] = {}
        self.parameters: dict[str, Any] = {}
        self.away_until = 0.0
        self.process = 0

    def require_server(self, parameters: dict[str, Any]) -> None:
        """Return when the server answers; raise OperationalError when it does not, or just did not."""
        self.parameters = parameters
        if time.monotonic() < self.away_until or not self._is_there():
            raise psycopg.OperationalError("PostgreSQL does not answer")

    def _is_there(self) -> bool:
        """One thread asks; the others wait for its answer, unless the last one was that nobody is there."""
        if not self.asking.acquire(blocking=not self.away_until):
            return False
        try:
            if time.monotonic() < self.away_until:
                return False
            is_there = answers(self.parameters, seconds=ANSWER_SECONDS)
            self.away_until = 0.0 if is_there else time.monotonic() + AWAY_SECONDS
            return is_there
        finally:
            self.asking.release()

    def follow(self, connection: psycopg.Connection) -> None:
        with self.lock:
            self.connections[id(connection)] = connection
            if self.process != os.getpid():  # the first connection of this process, or of its fork
                self.process = os.getpid()
                threading.Thread(target=self._look_for_ever, name="database-watch", daemon=True).start()

    def leave(self, connection: psycopg.Connection) -> None:
        with self.lock:
            self.connections.pop(id(connection), None)

    def _look_for_ever(self) -> None:
        before: set[int] = set()
        while True:
            time.sleep(LOOK_SECONDS)
            under_way = self._under_way()
            if under_way & before and not self._is_there():
                self.cut()
            before = under_way

    def _under_way(self) -> set[int]:
        with self.lock:
            return {
                key
                for key, connection in self.connections.items()
                if connection.pgconn.transaction_status == TransactionStatus.ACTIVE
            }

    def cut(self) -> None:
        """End what waits for a server that is away: each statement fails where it was asked."""
        with self.lock:
            for connection in self.connections.values():
                with (
                    contextlib.suppress(OSError, psycopg.Error),
                    socket.socket(fileno=os.dup(connection.fileno())) as line,
                ):
                    line.shutdown(socket.SHUT_RDWR)


def answers(parameters: dict[str, Any], *, seconds: float) -> bool:
    """Whether a server answers there within this time; an address that is a list is left to libpq."""
    host, port = str(parameters.get("host") or "/var/run/postgresql"), str(parameters.get("port") or 5432)
    if "," in host:
        return True
    try:
        with _line(host, port, seconds) as line:
            line.sendall(TLS_QUESTION)
            return line.recv(1) in (b"S", b"N")
    except OSError:
        return False


def _line(host: str, port: str, seconds: float) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, int(port)), timeout=seconds)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(seconds)
    try:
        line.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        line.close()
        raise
    return line
