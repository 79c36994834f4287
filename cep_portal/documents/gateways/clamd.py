"""Asks a clamd of the house whether bytes hold a virus: INSTREAM, over a unix or a TCP socket."""

import socket
import struct

from django.conf import settings

SECONDS = 30
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerUnavailable(Exception):
    """No scanner is set, or it did not answer: nothing is known of the file."""


def find_virus(content: bytes) -> str | None:
    """The name of the virus, None when the scanner found none. Raises ScannerUnavailable.

    PORTAL_CLAMD is « unix:/run/clamav/clamd.ctl » or « tcp:host:3310 »; blank when there is none.
    """
    try:
        with _connected(settings.PORTAL_CLAMD) as link:
            link.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                link.sendall(struct.pack("!L", len(part)) + part)
            link.sendall(struct.pack("!L", 0))
            answer = _answer(link)
    except OSError as failure:
        raise ScannerUnavailable(type(failure).__name__) from failure
    if answer == "stream: OK":
        return None
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnavailable("an answer that is no verdict")


def _connected(address: str) -> socket.socket:
    kind, _, rest = address.partition(":")
    if kind == "unix":
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(SECONDS)
            link.connect(rest)
        except OSError:
            link.close()
            raise
        return link
    host, _, port = rest.rpartition(":")
    if kind != "tcp" or not port.isdecimal():
        raise ScannerUnavailable("PORTAL_CLAMD names no scanner")
    return socket.create_connection((host, int(port)), timeout=SECONDS)


def _answer(link: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < LONGEST_ANSWER:
        part = link.recv(LONGEST_ANSWER)
        if not part:
            break
        received += part
    return received.rstrip(b"\0\n").decode("utf-8", "replace")
