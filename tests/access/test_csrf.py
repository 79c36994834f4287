"""Which views take a POST without a token of ours: machines that prove themselves otherwise."""

import pytest
from django.urls import get_resolver

from cep_portal.accounts.enums import Role
from tests.access.routes import routes
from tests.factories.accounts import UserFactory

API = ("operators:api_", "reporting:api_")
SIGNED_CALLS = ["messaging:email_delivery", "messaging:sms_delivery"]


def _exempt(patterns, namespace=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _exempt(pattern.url_patterns, inner)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield f"{namespace}{pattern.name}"


def test_only_signed_calls_and_the_api_are_exempt_from_the_token():
    ours = {route.name for route in routes() if route.is_ours}

    exempt = set(_exempt(get_resolver().url_patterns)) & ours

    assert sorted(name for name in exempt if not name.startswith(API)) == SIGNED_CALLS


@pytest.mark.django_db
def test_api_never_listens_to_a_session(client):
    """What is exempt from the token must not be opened by the cookie that the token protects."""
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))

    answers = [client.get("/api/v1/slots/"), client.post("/api/v1/appointments/")]

    assert [answer.status_code for answer in answers] == [401, 401]
