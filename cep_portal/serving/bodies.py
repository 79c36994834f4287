"""The body of a request, received whole before any thread is taken: bounded in bytes and in seconds."""

import asyncio
import io
import tempfile
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from cep_portal.serving import limits


class BodyRefused(Exception):
    """`status` is what the sender is answered; 0 when nobody is there any more to be answered."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Body:
    file: IO[bytes]
    length: int = 0
    on_disk: int = 0


EMPTY = Body(io.BytesIO())


class Reception:
    """The bodies being received by this process, oldest first. Lives on the event loop alone."""

    def __init__(self) -> None:
        self.deadlines: dict[asyncio.Timeout, None] = {}
        self.spooled = 0

    async def receive(self, scope: Any, protocol: Any) -> Body:
        """Raise BodyRefused: 413 too large, 408 too slow, 503 no place left, 0 cut short by its sender."""
        announced = _announced(scope)
        if announced is not None and not self._admits(scope.path, announced):
            raise BodyRefused(413)
        body = Body(io.BytesIO())
        try:
            async with asyncio.timeout(settings.PORTAL_BODY_SECONDS) as deadline:
                self._make_place(deadline)
                try:
                    await self._fill(body, scope.path, protocol, deadline)
                finally:
                    del self.deadlines[deadline]
        except TimeoutError:
            self.forget(body)
            raise BodyRefused(408) from None
        except BaseException:
            self.forget(body)
            raise
        if announced is not None and body.length < announced:
            self.forget(body)
            raise BodyRefused(0)
        body.file.seek(0)
        return body

    def forget(self, body: Body) -> None:
        body.file.close()
        self.spooled -= body.on_disk
        body.on_disk = 0

    def _make_place(self, deadline: asyncio.Timeout) -> None:
        if len(self.deadlines) >= limits.BODIES_AT_ONCE:
            oldest = next(iter(self.deadlines))
            oldest.reschedule(asyncio.get_running_loop().time())
        self.deadlines[deadline] = None

    async def _fill(self, body: Body, path: str, protocol: Any, deadline: asyncio.Timeout) -> None:
        clock = asyncio.get_running_loop().time
        started, patience = clock(), settings.PORTAL_BODY_SECONDS
        async for piece in protocol:
            body.length += len(piece)
            if not self._admits(path, body.length):
                raise BodyRefused(413)
            self._keep(body, piece)
            owed = started + patience + body.length / limits.BYTES_A_SECOND
            if not deadline.expired() and deadline in self.deadlines:
                deadline.reschedule(min(owed, clock() + patience))

    def _keep(self, body: Body, piece: bytes) -> None:
        if body.on_disk == 0 and body.length > limits.IN_MEMORY:
            begun, body.file = body.file, tempfile.TemporaryFile()  # noqa: SIM115 -- closed by forget()
            body.file.write(begun.getvalue())  # type: ignore[attr-defined]
        body.file.write(piece)
        if body.length > limits.IN_MEMORY:
            self.spooled += body.length - body.on_disk
            body.on_disk = body.length
            if self.spooled > limits.SPOOLED_AT_ONCE:
                raise BodyRefused(503)

    def _admits(self, path: str, length: int) -> bool:
        return length <= settings.PORTAL_BODY_BYTES or length <= limits.largest_body(path)


def _announced(scope: Any) -> int | None:
    length = scope.headers.get("content-length")
    return int(length) if length is not None and length.isdecimal() else None


def has_body(scope: Any) -> bool:
    headers = scope.headers
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def linger(protocol: Any) -> None:
    """Let a refused sender go on for a moment: closed at once, its line breaks before it reads the answer."""
    try:
        async with asyncio.timeout(limits.LINGER_SECONDS):
            async for _ in protocol:
                pass
    except (TimeoutError, RuntimeError):  # of granian, when the sender is gone
        return
