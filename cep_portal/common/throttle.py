"""How often a public form may be sent: tight by person and by target, wide by network address (ADR 0052).

Counted in the shared cache, so for all workers together; it stands when Valkey is away (ADR 0055).
A mobile operator, a job fair or a firm share one
address: it must never be what stops somebody.
"""

import ipaddress
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WIDE = 20  # people at once behind one address, each with the whole limit
COUNTED = "throttle_counted"

type Stopped = Callable[[HttpRequest, int, dict[str, Any]], None]


def throttled(action: str, *, limit: int, seconds: int, when_stopped: Stopped | None = None) -> Callable:
    """At most `limit` acts of this kind per `seconds`, by session and by what the address of the page names;
    WIDE times more by network address; then a 429 page, that says when to try again.

    A POST that comes back as a page is a form refused: it does not count, unless the view says so by
    `count_try`. `when_stopped` is called with the request, the seconds to wait and the page's arguments.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method != "POST" or not settings.PORTAL_THROTTLE:
                return view(request, *args, **kwargs)
            limits = _limits(request, action, limit, kwargs)
            wait = max(seconds_to_wait(key, limit=most, seconds=seconds) for key, most in limits.items())
            if wait:
                _give_back(limits, seconds)
                if when_stopped is not None:
                    when_stopped(request, wait, kwargs)
                return too_many(request, wait=wait)
            response = view(request, *args, **kwargs)
            if response.status_code < 300 and not getattr(request, COUNTED, False):
                _give_back(limits, seconds)
            return response

        return guarded

    return decorate


def count_try(request: HttpRequest) -> None:
    """This POST counts although it is answered by a page: a guess, a document made."""
    setattr(request, COUNTED, True)


def _limits(request: HttpRequest, action: str, limit: int, target: dict[str, Any]) -> dict[str, int]:
    limits = {f"{action}:{address(request)}": limit * WIDE}
    session = getattr(request, "session", None)
    if session is not None and session.session_key:
        limits[f"{action}:session:{session.session_key}"] = limit
    if target:
        limits[f"{action}:target:{':'.join(str(value) for value in target.values())}"] = limit
    return limits


def _give_back(keys: Iterable[str], seconds: int) -> None:
    for key in keys:
        name, _ = _window(key, seconds)
        with suppress(ValueError):  # evicted since
            cache.decr(name)


@dataclass(frozen=True)
class Allowance:
    """What a limit leaves once one more try is counted."""

    limit: int
    count: int
    resets_in: int  # seconds until the next window

    @property
    def left(self) -> int:
        return max(self.limit - self.count, 0)

    @property
    def seconds_to_wait(self) -> int:
        """0 when this try may pass."""
        return 0 if self.count <= self.limit else self.resets_in


def seconds_to_wait(key: str, *, limit: int, seconds: int) -> int:
    """Count one more try of this window; 0 when it may pass, else the seconds until the next window."""
    return counted(key, limit=limit, seconds=seconds).seconds_to_wait


def counted(key: str, *, limit: int, seconds: int) -> Allowance:
    """Count one more try of this window, and say what is left of it."""
    name, resets_in = _window(key, seconds)
    return Allowance(limit, _count(name, seconds), resets_in)


def _window(key: str, seconds: int) -> tuple[str, int]:
    """Where this window is counted, and the seconds until the next."""
    now = int(time.time())
    start = now - now % seconds
    return f"throttle:{key}:{start}", start + seconds - now


def _count(name: str, seconds: int) -> int:
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name)
    except ValueError:  # evicted between the two calls
        cache.set(name, 1, timeout=seconds)
        return 1


def address(request: HttpRequest) -> str:
    """The client's address behind our proxies; a whole /64 counts as one in IPv6."""
    text = get_adapter().get_client_ip(request)
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return text
    if parsed.version == 4:
        return text
    return str(ipaddress.ip_network(f"{text}/64", strict=False).network_address)


def too_many(request: HttpRequest, *, wait: int) -> HttpResponse:
    """The 429 page, with the seconds to wait in `Retry-After`."""
    context = {"minutes": -(-wait // 60), "reference": getattr(request, "reference", "")}
    response = render(request, "429.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response


def handler429(request: HttpRequest) -> HttpResponse:
    """What allauth answers when its own limits on sign-in are reached: they are counted by the minute."""
    return too_many(request, wait=60)
