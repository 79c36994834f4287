"""What granian serves: a request is received whole on the event loop, then a thread of ours runs Django.

Slow senders and slow readers hold a connection, never a thread (docs/adr/0055).
"""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable
from queue import SimpleQueue
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from cep_portal.serving import limits
from cep_portal.serving.answers import gather, give
from cep_portal.serving.bodies import EMPTY, Body, BodyRefused, Reception, has_body, linger
from cep_portal.serving.environ import environ_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cep_portal.settings.prod")
THREADS = 4
OPENED_SECONDS = 60.0  # the server opens the file of an answer at once: it may be closed long before
OVERLOADED = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Service très demandé – Mon CEP</title>'
    "<h1>Le service est très demandé</h1><p>Rien n’a été enregistré. Réessayez dans quelques secondes.</p>"
).encode()

logger = logging.getLogger(__name__)


class Work:
    """A request received whole, or refused; `done` ends the server's interest in it."""

    __slots__ = ("body", "done", "protocol", "refusal", "scope")

    def __init__(self, scope: Any, protocol: Any, body: Body = EMPTY, *, refusal: int = 0) -> None:
        self.scope, self.protocol, self.body, self.refusal = scope, protocol, body, refusal
        self.done: asyncio.Future[None]


class Application:
    """One web process: its event loop, its threads, the requests that wait for one."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        resolve("/")  # every view is imported before the first request, not by it
        self.reception = Reception()
        self.queue: SimpleQueue[Work] = SimpleQueue()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        limits.prepare_process()
        for number in range(THREADS):
            threading.Thread(target=self._work, name=f"django-{number}", daemon=True).start()

    def __rsgi__(self, scope: Any, protocol: Any) -> Awaitable[None]:
        if self.queue.qsize() >= limits.WAITING_AT_ONCE:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "5")]
            protocol.response_bytes(503, headers, OVERLOADED)
            return asyncio.sleep(0)
        if has_body(scope):
            return self._with_body(scope, protocol)
        return self._answered(Work(scope, protocol))

    async def _with_body(self, scope: Any, protocol: Any) -> None:
        try:
            body = await self.reception.receive(scope, protocol)
        except BodyRefused as refusal:
            if refusal.status:
                await self._answered(Work(scope, protocol, refusal=refusal.status))
                await linger(protocol)
            return
        try:
            await self._answered(Work(scope, protocol, body))
        finally:
            self.reception.forget(body)

    def _answered(self, work: Work) -> asyncio.Future[None]:
        work.done = self.loop.create_future()
        self.queue.put(work)
        return work.done

    def _work(self) -> None:
        """The life of a thread: it never waits for a line, neither to read nor to write."""
        while True:
            work = self.queue.get()
            try:
                self._answer(work)
            except Exception:
                logger.exception("A request was not answered")
                work.protocol.response_bytes(500, [], b"")
            finally:
                self.loop.call_soon_threadsafe(_finish, work.done)

    def _answer(self, work: Work) -> None:
        environ = environ_of(work.scope, work.body)
        if work.refusal:
            environ["portal.refusal"] = work.refusal
        answer = gather(self.django, environ)
        give(work.protocol, work.scope.method, answer)
        if answer.file is not None:
            self.loop.call_soon_threadsafe(self.loop.call_later, OPENED_SECONDS, answer.file.close)


def _finish(done: asyncio.Future[None]) -> None:
    if not done.done():  # cancelled with its server
        done.set_result(None)


application = Application()
