"""HTTP as a program speaks it: every refusal is a problem in French, no act is lost on the way."""

import json
import re
import uuid

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from cep_portal.urls import urlpatterns as portal
from operators.exchange.software.api.description import described
from operators.exchange.software.enums import Scope
from tests.factories.operators import ApiClientFactory, AppointmentFactory
from tests.operators.booking.agenda.clock import at
from tests.operators.exchange.software.calls import NINE, asked, kinds, url
from tests.operators.exchange.software.conftest import ask_token, basic, signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
FORM = "application/x-www-form-urlencoded"
ENGLISH = re.compile(r"\b(the|not|error|expected|invalid|unknown|method|request|is|must)\b", re.IGNORECASE)


def described_calls():
    """(method, address) of all that is described, and of the description itself."""
    rows = [(method.upper(), address) for address, row in described()["paths"].items() for method in row]
    return [*rows, ("GET", "/api/v1/schema/")]


ADDRESSES = sorted({address for _, address in described_calls()})


def filled(address):
    return address.replace("{uuid}", str(uuid.uuid4())).replace("{reference}", "ABCDEFGHJKMN")


def assert_problem(response, *codes):
    assert response.status_code in codes, response.content
    assert response["Content-Type"] == "application/problem+json", response.content
    told = response.json()
    assert set(told) >= {"type", "title", "status", "detail"}
    assert told["status"] == response.status_code
    said = [told["title"], told["detail"], *(row["message"] for row in told.get("errors", []))]
    assert [text for text in said if ENGLISH.search(text)] == []


@pytest.fixture
def whole(site):
    """A software with every right, as a generated client would call."""
    return signed_api(ApiClientFactory(organisation=site.contract.holder, scopes=list(Scope)))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_method_of_every_address_answers_or_is_a_problem(whole, address):
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert_answered(whole, method, address)


def assert_answered(whole, method, address):
    if address.endswith("/token/"):
        whole.credentials(HTTP_AUTHORIZATION="Bearer x")
    response = whole.generic(method, filled(address))

    if response.status_code < 400 or method == "HEAD":
        assert method in {"GET", "HEAD"}
    elif address.endswith("/token/") and response.status_code == 401:
        assert response.json()["error"] == "invalid_client"
    else:
        assert_problem(response, 400, 404, 405, 415, 422)
    if (method, address) not in described_calls() and method != "HEAD":
        assert (response.status_code, "Allow" in response) == (405, True)


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_without_its_slash_is_named_and_nothing_is_redirected(whole, address):
    whole_address = filled(address)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = whole.generic(
            method, whole_address.removesuffix("/"), "{}", content_type="application/json"
        )

        assert_problem(response, 404)
        assert response.json()["type"] == "urn:mon-cep:slash_missing"
        assert response.json()["detail"].endswith(whole_address)


def test_post_over_plain_http_is_refused_where_https_is_due(whole, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = whole.post(url("appointments"), {}, format="json")

    assert_problem(response, 400)
    assert "https://testserver/api/v1/appointments/" in response.json()["detail"]


def test_a_page_s_form_without_its_slash_is_not_lost_in_a_redirect(client):
    assert client.post("/reclamations").status_code == 404
    assert client.get("/logiciels").status_code == 301


@pytest.mark.parametrize(
    "address", ["/api", "/api/", "/api/v2/sites/", "/api/v1/sites/x/", "/api/v1/appointments/x/"]
)
def test_address_that_leads_nowhere_is_a_problem(whole, address):
    assert_problem(whole.get(address), 404)


@pytest.mark.parametrize("address", [row for method, row in described_calls() if method == "GET"])
def test_head_is_a_get_without_its_body(whole, address):
    get, head = (whole.generic(method, filled(address)) for method in ("GET", "HEAD"))

    assert head.status_code == get.status_code
    assert head["Content-Type"] == get["Content-Type"]
    assert head.content == b""


@pytest.mark.parametrize("address", [row for row in ADDRESSES if "token" not in row and "schema" not in row])
def test_unknown_parameter_is_refused_and_named_everywhere(whole, address):
    method = "GET" if ("GET", address) in described_calls() else "POST"

    response = whole.generic(method, filled(address), QUERY_STRING="sinse=2026-11-23T00:00Z&limit=1")

    assert_problem(response, 400)
    assert "sinse" in [row["field"] for row in response.json()["errors"]]


@pytest.mark.parametrize(("method", "address"), described_calls()[:-1])
def test_parameters_that_are_read_are_those_that_are_described(whole, method, address):
    operation = described()["paths"][address][method.lower()]
    told = {row["name"] for row in operation.get("parameters", []) if row["in"] == "query"}
    if address.endswith("/token/"):
        whole.credentials(HTTP_AUTHORIZATION=basic(ApiClientFactory()))

    response = whole.generic(method, filled(address), content_type=FORM, QUERY_STRING="zzz=1")

    if response.json().get("error") is None:
        read = response.json()["errors"][0]["message"].partition("lus : ")[2].removesuffix(".")
        assert set(read.split(", ")) - {"aucun"} == told


@pytest.mark.parametrize(
    ("name", "sent", "field"),
    [
        ("appointments", {"commment": "x"}, "commment"),
        ("appointments", {"person": {"first_name": "A", "mobile": "06"}}, "person.mobile"),
        ("sessions", {"held": {"starts": NINE}}, "held.starts"),
        ("move", {"start_at": NINE}, "start_at"),
        ("cancel", {"by": "PERSON", "motif": "WORK"}, "motif"),
        ("session_correction", {"note": "x"}, "note"),
    ],
)
def test_unknown_field_is_refused_and_named(whole, name, sent, field):
    args = [uuid.uuid4()] if name in {"move", "cancel", "session_correction"} else []

    response = whole.post(url(name, *args), sent, format="json", headers={"Idempotency-Key": "a"})

    assert_problem(response, 400)
    assert kinds(response) == (400, "unknown_name")
    assert [row["field"] for row in response.json()["errors"]] == [field]


@pytest.mark.parametrize("body", ["{", '{"by": }', "nul", ""])
def test_body_that_is_not_json_is_told_in_french(whole, body):
    response = whole.generic("POST", url("sessions"), body, content_type="application/json")

    assert_problem(response, 400, 422)


@pytest.mark.parametrize("body", ["[]", "3", '"x"', "null"])
def test_body_of_another_shape_is_told_in_french(whole, body):
    assert_problem(whole.generic("POST", url("sessions"), body, content_type="application/json"), 422)


@pytest.mark.parametrize("wrong", [{"x": 1}, [[]], [{}], 3, "x", "", None, True, 10**400])
def test_wrong_values_are_told_in_french_field_by_field(whole, wrong):
    for address in [row for method, row in described_calls() if method == "POST" and "deliver" not in row]:
        content = described()["paths"][address]["post"]["requestBody"]["content"]
        if "application/json" not in content:
            continue
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        fields = described()["components"]["schemas"][name]["properties"]
        response = whole.post(filled(address), dict.fromkeys(fields, wrong), format="json")
        assert_problem(response, 400, 422)


def test_other_formats_are_problems(whole):
    assert_problem(whole.generic("POST", url("sessions"), "<a/>", content_type="application/xml"), 415)
    assert_problem(whole.get(url("sites"), headers={"Accept": "text/html"}), 406)


def test_body_that_the_server_refused_is_a_problem(whole):
    for status in (408, 413, 503):
        response = whole.post(url("sessions"), {}, format="json", **{"portal.refusal": status})
        assert_problem(response, status)


def test_form_with_too_many_fields_is_a_problem(software):
    response = Client().post(
        url("token"),
        "&".join(f"a{number}=1" for number in range(1100)),
        content_type=FORM,
        HTTP_AUTHORIZATION=basic(software),
    )

    assert response.status_code == 400
    assert response.json().get("error", "") == "invalid_request"


def test_wrong_host_is_a_problem(whole):
    assert_problem(whole.get(url("sites"), HTTP_HOST="ailleurs.example"), 400)


@login_not_required
def broken(_request):
    raise RuntimeError("on purpose")


@login_not_required
def refused(_request):
    return HttpResponse("<p>page</p>", status=429, headers={"Retry-After": "7"})


class Broken:
    urlpatterns = [path("api/v1/broken/", broken), path("api/v1/refused/", refused), *portal]
    handler500 = "cep_portal.common.refusals.server_error"


def test_failure_and_pages_of_lower_layers_are_problems(settings):
    settings.ROOT_URLCONF = Broken
    calls = Client(raise_request_exception=False)
    failed, stopped = calls.get("/api/v1/broken/"), calls.get("/api/v1/refused/")

    assert_problem(failed, 500)
    assert_problem(stopped, 429)
    assert stopped["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ("", "invalid_request"),
        ("grant_type=password", "unsupported_grant_type"),
        ("grant_type=client_credentials&scope=TOUT", "invalid_scope"),
        ("grant_type=client_credentials&client_id=x", "invalid_request"),
        ("grant_type=client_credentials&audience=x", "invalid_request"),
    ],
)
def test_token_errors_are_those_of_oauth(software, sent, error):
    response = Client().post(url("token"), sent, content_type=FORM, HTTP_AUTHORIZATION=basic(software))

    told = response.json()
    assert (response.status_code, set(told), told["error"]) == (400, {"error", "error_description"}, error)
    assert response["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]+", told["error_description"])


def test_unknown_client_is_told_as_oauth_does(software):
    response = ask_token(software, "wrong")

    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response["WWW-Authenticate"] == 'Basic realm="api"'
    assert response["Content-Type"] == "application/json"


def test_bearer_errors_are_named_in_their_header(api, client, software):
    nothing, wrong = (client.get(url("sites"), headers=sent) for sent in ({}, {"Authorization": "Bearer x"}))
    poor = signed_api(ApiClientFactory(scopes=[Scope.SLOTS_READ])).get(url("requests"))

    assert [answer["WWW-Authenticate"] for answer in (nothing, wrong, poor)] == [
        'Bearer realm="api"',
        'Bearer realm="api", error="invalid_token"',
        'Bearer realm="api", error="insufficient_scope", scope="REQUESTS_READ"',
    ]


@pytest.mark.parametrize("plus", ["+", "%2B", "%20"])
def test_plus_of_an_offset_is_understood_as_it_arrives(api, site, plus):
    AppointmentFactory(adviser=site.advisers.get(), starts_at=at("2026-12-07 09:00"))
    seen = api.get(f"{url('appointments')}?since=2026-12-07T09:00:00{plus}01:00").json()
    later = api.get(f"{url('appointments')}?since=2026-12-07T09:00:01{plus}01:00").json()

    assert (len(seen["results"]), len(later["results"])) == (1, 0)


def test_instant_without_offset_is_still_refused(api):
    assert kinds(api.get(f"{url('appointments')}?since=2026-12-07%2009:00")) == (422, "invalid")


def test_rate_is_told_before_it_is_reached(api, throttling):
    first, second = (api.get(url("sites")) for _ in range(2))

    assert first["RateLimit-Policy"] == '"minute";q=120;w=60'
    told = [
        re.fullmatch(r'"minute";r=(\d+);t=(\d+)', answer["RateLimit"]).groups() for answer in (first, second)
    ]
    assert [int(left) for left, _ in told] == [119, 118]
    assert 0 < int(told[0][1]) <= 60


def test_rate_reached_says_so_in_the_same_words(api, throttling):
    answers = [api.get(url("slots")) for _ in range(61)]

    assert [answers[59].status_code, answers[60].status_code] == [422, 429]
    assert answers[60]["RateLimit"].startswith('"minute";r=0;t=')
    assert_problem(answers[60], 429)


def test_description_names_its_server(client, settings):
    assert described()["servers"] == [{"url": settings.PORTAL_BASE_URL, "description": "Ce portail"}]
    operation = json.loads(client.get(url("schema")).content)["paths"]["/api/v1/sites/"]["get"]
    assert {"RateLimit", "RateLimit-Policy"} <= set(operation["responses"]["200"]["headers"])


def test_booking_of_unknown_fields_writes_nothing(whole, site):
    response = whole.post(
        url("appointments"), asked(site, note="x"), format="json", headers={"Idempotency-Key": "k"}
    )

    assert kinds(response) == (400, "unknown_name")
