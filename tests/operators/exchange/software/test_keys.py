"""Which software enters, and how far: a secret, a token of an hour, scopes."""

import pytest

from operators.exchange.software.enums import Scope
from operators.exchange.software.services import revoke_client
from tests.factories.accounts import UserFactory
from tests.factories.operators import ApiClientFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.calls import book, kinds, url
from tests.operators.exchange.software.conftest import ask_token, signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_token_is_given_for_the_right_secret(software):
    response = ask_token(software)

    software.refresh_from_db()
    assert response.json() | {"access_token": ""} == {
        "access_token": "",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": " ".join(software.scopes),
    }
    assert (response["Cache-Control"], software.last_used_at) == ("no-store", NOW)


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_token_is_refused_for_another_secret(software, secret):
    response = ask_token(software, secret)

    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("sent", ["Basic ????", "Basic bm9ib2R5OnNlY3JldA==", "Bearer x", "Basic", ""])
def test_token_is_refused_for_anything_else(client, sent):
    response = client.post(url("token"), {"grant_type": "client_credentials"}, HTTP_AUTHORIZATION=sent)

    assert response.status_code == 401


def test_wrong_secrets_are_throttled_by_address(software, throttling):
    answers = [ask_token(software, "wrong") for _ in range(31)]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    assert kinds(answers[-1]) == (429, "throttled")
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert ask_token(software).status_code == 429  # the right one too: else the limit tells which is right


def test_revoked_software_loses_its_tokens_at_once(api, software):
    revoke_client(client=software, by=UserFactory(), now=NOW)

    assert kinds(api.get(url("sites"))) == (401, "authentication_failed")
    assert ask_token(software).status_code == 401


def test_token_ends_after_an_hour(api, monkeypatch):
    from django.core import signing

    later = signing.time.time() + 3601
    monkeypatch.setattr(signing.time, "time", lambda: later)

    assert api.get(url("sites")).status_code == 401


@pytest.fixture
def officer_of_site(site):
    return UserFactory(role="INTAKE_OFFICER", role__organisation=site.contract.holder)


def test_session_of_an_agent_opens_no_api(client, officer_of_site):
    client.force_login(officer_of_site)

    assert client.get(url("sites")).status_code == 401


@pytest.mark.parametrize(
    ("scope", "open_to"),
    [
        (Scope.SLOTS_READ, {"sites", "slots"}),
        (Scope.APPOINTMENTS_READ, {"appointments"}),
        (Scope.APPOINTMENTS_WRITE, {"book"}),
    ],
)
def test_scope_opens_its_addresses_only(site, scope, open_to):
    api = signed_api(ApiClientFactory(organisation=site.contract.holder, scopes=[scope]))
    calls = {
        "sites": lambda: api.get(url("sites")),
        "slots": lambda: api.get(
            url("slots"), {"site": site.uuid, "level": "ONE", "mode": "ON_SITE", "ends": "2026-12-01T00:00Z"}
        ),
        "appointments": lambda: api.get(url("appointments")),
        "book": lambda: book(api, site),
    }

    assert {name for name, call in calls.items() if call().status_code in {200, 201}} == open_to
