"""Those who call the chaos test's portal, at their own pace, and servers that hang."""

import http.client
import http.cookiejar
import os
import re
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from urllib.parse import urlencode

from cep_portal.local import processes
from tests.journeys.chaos import Portal
from tests.journeys.chaos_world import EMAIL, PASSWORD


class Visitor:
    """A browser without a screen: cookies, forms, and how long each answer took."""

    def __init__(self, portal: Portal) -> None:
        self.home = f"http://127.0.0.1:{portal.port}"
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.seconds = 0.0

    def ask(self, path: str, data: dict | None = None, **headers: str) -> tuple[int, dict, str]:
        body = urlencode(data).encode() if data is not None else None
        started = time.monotonic()
        try:
            asked = urllib.request.Request(self.home + path, body, headers)
            with self.opener.open(asked, timeout=20) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, dict(refusal.headers), refusal.read().decode()
        finally:
            self.seconds = time.monotonic() - started

    def send(self, path: str, **fields: str) -> tuple[int, dict, str]:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.ask(path)[2])[1]
        return self.ask(path, {"csrfmiddlewaretoken": token, **fields})

    def sign_in(self, email: str = EMAIL) -> tuple[int, dict, str]:
        return self.send("/compte/login/", login=email, password=PASSWORD)


def line_to(portal: Portal, sent: bytes, *, window: int = 0) -> socket.socket:
    line = socket.socket()
    if window:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    line.settimeout(10)
    line.connect(("127.0.0.1", portal.port))
    line.sendall(sent)
    return line


def read_answer(line: socket.socket) -> tuple[int, dict, str]:
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.status, dict(answer.headers), answer.read().decode()


def post(path: str, length: int, body: bytes = b"abc", kind: str = "application/json") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
    return f"{head}Content-Length: {length}\r\n\r\n".encode() + body


@contextmanager
def frozen(server):
    """Every process of the server is stopped as a hung machine is: lines open, and nobody answers."""
    stopped = processes.working_in(server.data, server.program_name)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
