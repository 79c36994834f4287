"""Which views take a POST without a token of ours: machines that prove themselves otherwise (trust.md, F)."""

from django.urls import get_resolver

from tests.access.routes import routes

SIGNED_CALLS = ["messaging:email_delivery", "messaging:sms_delivery"]


def _exempt(patterns, namespace=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _exempt(pattern.url_patterns, inner)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield f"{namespace}{pattern.name}"


def test_only_signed_calls_are_exempt_from_the_token():
    ours = {route.name for route in routes() if route.is_ours}

    assert sorted(set(_exempt(get_resolver().url_patterns)) & ours) == SIGNED_CALLS
