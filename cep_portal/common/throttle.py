"""How often one address may send a public form. Counted in the shared cache, so for all workers together."""

import ipaddress
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

# When the shared cache is gone, each worker counts alone: stricter than nothing, and pages still answer.
_own = LocMemCache("throttle", {})


def throttled(action: str, *, limit: int, seconds: int) -> Callable:
    """At most `limit` POST of this action per `seconds` and per network address, then a 429 page."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and settings.PORTAL_THROTTLE:
                wait = seconds_to_wait(f"{action}:{address(request)}", limit=limit, seconds=seconds)
                if wait:
                    return too_many(request, wait=wait)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def seconds_to_wait(key: str, *, limit: int, seconds: int) -> int:
    """Count one more try of this window; 0 when it may pass, else the seconds until the next window."""
    now = int(time.time())
    window = now - now % seconds
    name = f"throttle:{key}:{window}"
    try:
        count = _count(caches["default"], name, seconds)
    except (RedisError, OSError):
        count = _count(_own, name, seconds)
    return 0 if count <= limit else window + seconds - now


def _count(cache: Any, name: str, seconds: int) -> int:
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
