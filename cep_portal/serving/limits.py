"""What a connection may take of a web process: bytes, seconds, places."""

import contextlib
import os
import resource
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.urls import Resolver404, resolve

IN_MEMORY = 256 * 1024  # of a body or of an answer; more goes through a file without a name
BYTES_A_SECOND = 4_096  # what the slowest honest line sends, once the first seconds are over
BODIES_AT_ONCE = 512  # being received; then the oldest gives way
SPOOLED_AT_ONCE = 1 << 30  # bytes of bodies on disk
WAITING_AT_ONCE = 512  # requests received whole that wait for a thread
LINGER_SECONDS = 5.0  # a refused sender is listened to that long, or it never reads why
UNREAD_SECONDS = 30  # a peer that takes none of its answer for that long is cut off


def largest_body(path: str) -> int:
    """Bytes that a request to this address may carry: what its view declares, else PORTAL_BODY_BYTES."""
    try:
        name = getattr(resolve(path).func, "largest_body", "PORTAL_BODY_BYTES")
    except Resolver404:
        name = "PORTAL_BODY_BYTES"
    return getattr(settings, name)


def prepare_process() -> None:
    """As many open files as the machine allows; a peer that never reads is cut off by the kernel."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS says « infinity » and refuses it
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if sys.platform == "linux":
        for entry in Path("/proc/self/fd").iterdir():
            with contextlib.suppress(OSError):
                _bound_unread(int(entry.name))


def _bound_unread(number: int) -> None:
    """Granian has no limit on writing; what is set on a listening socket is inherited by its connections."""
    with socket.socket(fileno=os.dup(number)) as line:
        is_tcp = line.family in (socket.AF_INET, socket.AF_INET6) and line.type == socket.SOCK_STREAM
        if is_tcp and line.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_SECONDS * 1000)
