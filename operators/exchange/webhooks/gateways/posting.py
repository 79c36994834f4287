"""One HTTPS POST to a receiver: pinned address, no redirection, little time, nothing of the answer kept."""

import io
import socket
import ssl
import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from typing import Any

from django.conf import settings

from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.gateways.addresses import Target, Unreachable, resolve, target_of

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 5.0  # from the last byte sent to the last of the headers, however slowly they drip
LONGEST_HEADERS = 32_768


@dataclass(frozen=True)
class Outcome:
    """What became of a try: an HTTP status when there was an answer, and why it is no success."""

    status: int | None = None
    failure: str = ""

    @property
    def is_delivered(self) -> bool:
        return not self.failure


class _Answer(io.RawIOBase):
    """What comes back on a socket, bounded in time and in bytes."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.until = time.monotonic() + ANSWER_SECONDS
        self.left = LONGEST_HEADERS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        seconds = self.until - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        if self.left <= 0:
            raise HTTPException("too many bytes before the body")
        self.sock.settimeout(seconds)
        count = self.sock.recv_into(buffer, min(len(buffer), self.left))
        self.left -= count
        return count


class _Bounded:
    """The part of a socket that an HTTPResponse reads."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Answer(self.sock), 4_096)


class _Pinned(HTTPSConnection):
    """HTTPS to an address that was judged; the certificate and the headers keep the name."""

    def __init__(self, target: Target, address: str) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS, context=self.tls)
        self.address = address

    def connect(self) -> None:
        sock = socket.create_connection((self.address, self.port), CONNECT_SECONDS)
        try:
            self.sock = self.tls.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise


def post(*, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Post a body; any 2xx is a success, anything else, a redirection too, is not. Never raises."""
    if settings.PORTAL_TRAINING:  # nothing leaves the training place, not even a name to look up
        return Outcome(failure=Failure.UNREACHABLE)
    try:
        target = target_of(url)
        return _first_that_answers(target, resolve(target), body, headers)
    except Unreachable as reason:
        return Outcome(failure=reason.failure)


def _first_that_answers(target: Target, addresses: list[str], body: bytes, headers: dict) -> Outcome:
    """A host may have an address that is not reached from here: the next one is tried, two at most."""
    outcome = Outcome(failure=Failure.UNREACHABLE)
    for address in addresses[:2]:
        connection = _Pinned(target, address)
        try:
            connection.connect()
        except OSError as failure:
            outcome = Outcome(failure=_why(failure))
            continue
        return _exchange(connection, target.path, body, headers)
    return outcome


def _exchange(connection: _Pinned, path: str, body: bytes, headers: dict[str, str]) -> Outcome:
    try:
        connection.request("POST", path, body, headers | {"Connection": "close"})
        response = HTTPResponse(_Bounded(connection.sock), method="POST")  # type: ignore[arg-type]  # only makefile is read
        try:
            response.begin()
        finally:
            response.close()
    except HTTPException:
        return Outcome(failure=Failure.UNREADABLE)
    except OSError as failure:
        return Outcome(failure=_why(failure))
    finally:
        connection.close()
    failed = "" if 200 <= response.status < 300 else Failure.STATUS
    return Outcome(response.status, failed)


def _why(failure: OSError) -> Failure:
    if isinstance(failure, ssl.SSLCertVerificationError):
        return Failure.CERTIFICATE
    return Failure.TIMEOUT if isinstance(failure, TimeoutError) else Failure.UNREACHABLE
