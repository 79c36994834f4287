"""Django's answer, gathered by a thread and given to the server at once: no thread waits for a reader."""

import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO, Any

from cep_portal.serving import limits

Headers = list[tuple[str, str]]


@dataclass
class Answer:
    status: int
    headers: Headers
    content: bytes = b""
    file: IO[bytes] | None = None  # of an answer too large for the memory of a slow reader's place


def gather(application: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Answer:
    """Run a WSGI application to the end of its answer, in the thread that calls."""
    started: list[Any] = []

    def start_response(status: str, headers: Headers, _exception: object = None) -> None:
        started[:] = [int(status[:3]), headers]

    response = application(environ, start_response)
    try:
        answer = Answer(*started)
        if environ["REQUEST_METHOD"] != "HEAD":
            _fill(answer, response)
        return answer
    finally:
        response.close()  # type: ignore[attr-defined]  # Django's: the request is over


def _fill(answer: Answer, pieces: Iterable[bytes]) -> None:
    kept: list[bytes] = []
    length = 0
    for piece in pieces:
        length += len(piece)
        if answer.file is None and length > limits.IN_MEMORY and sys.platform == "linux":
            answer.file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed once the server has opened it
            answer.file.writelines(kept)
        if answer.file is None:
            kept.append(piece)
        else:
            answer.file.write(piece)
    if answer.file is None:
        answer.content = b"".join(kept)
    else:
        answer.file.flush()
    if not any(name.lower() == "content-length" for name, _ in answer.headers):
        answer.headers.append(("Content-Length", str(length)))


def give(protocol: Any, method: str, answer: Answer) -> None:
    """Hand the answer over; granian sends it at the reader's pace."""
    if answer.file is not None:
        protocol.response_file(answer.status, answer.headers, f"/proc/self/fd/{answer.file.fileno()}")
    elif method == "HEAD":
        protocol.response_empty(answer.status, answer.headers)
    else:
        protocol.response_bytes(answer.status, answer.headers, answer.content)
