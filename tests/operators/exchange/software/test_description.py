"""The description: OpenAPI 3.1, in French, each answer with its example, for programs and as pages."""

import pytest
from django.urls import reverse

from operators.exchange.software.api.description import ALWAYS, TAGS, described
from operators.exchange.software.api.operations import RATE
from operators.exchange.software.enums import Scope
from tests.operators.exchange.software.calls import url

OPERATIONS = {
    f"{method.upper()} {address}": row
    for address, by_method in described()["paths"].items()
    for method, row in by_method.items()
}
REFERENCES = "/api/v1/references/"


def test_schema_is_openapi_31_and_names_each_operation(client):
    told = client.get(url("schema")).json()

    assert told["openapi"] == "3.1.0"
    assert sorted(OPERATIONS) == [
        "GET /api/v1/appointments/",
        "GET /api/v1/appointments/{uuid}/",
        "GET /api/v1/deliveries/",
        "GET /api/v1/deliveries/{uuid}/",
        "GET /api/v1/deliveries/{uuid}/refused/",
        "GET /api/v1/indicators/",
        "GET /api/v1/pathways/",
        "GET /api/v1/pathways/{uuid}/",
        "GET /api/v1/references/communes/",
        "GET /api/v1/references/departments/",
        "GET /api/v1/references/lists/",
        "GET /api/v1/references/regions/",
        "GET /api/v1/requests/",
        "GET /api/v1/requests/{reference}/",
        "GET /api/v1/sessions/",
        "GET /api/v1/sessions/{uuid}/",
        "GET /api/v1/sites/",
        "GET /api/v1/slots/",
        "POST /api/v1/appointments/",
        "POST /api/v1/appointments/{uuid}/cancel/",
        "POST /api/v1/appointments/{uuid}/level/",
        "POST /api/v1/appointments/{uuid}/move/",
        "POST /api/v1/deliveries/",
        "POST /api/v1/sessions/",
        "POST /api/v1/sessions/{uuid}/correction/",
        "POST /api/v1/token/",
    ]


def test_rights_are_those_of_the_manager_s_page():
    schemes = described()["components"]["securitySchemes"]

    assert schemes["jeton"]["flows"]["clientCredentials"] == {
        "tokenUrl": "/api/v1/token/",
        "scopes": {scope.value: scope.label for scope in Scope},
    }
    assert {
        scope for operation in OPERATIONS.values() for scope in operation["security"][0].get("jeton", [])
    } == set(Scope)


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_told_in_french_with_examples(name):
    operation = OPERATIONS[name]

    assert operation["tags"][0] in TAGS
    assert operation["summary"].partition(" ")[0] in {
        *(
            "Lister",
            "Lire",
            "Demander",
            "Prendre",
            "Déplacer",
            "Annuler",
            "Changer",
            "Saisir",
            "Corriger",
            "Envoyer",
        ),
    }
    assert f"Limite : {operation[RATE]} appels par minute." in operation["description"]
    assert operation["description"].partition(" ")[0] not in {
        "The",
        "GET:",
        "Who",
        "Each",
        "How",
        "One",
        "Every",
    }
    contents = [
        content
        for answer in (*operation["responses"].values(), operation.get("requestBody", {}))
        for kind, content in answer.get("content", {}).items()
        if kind.endswith("json") or kind == "application/x-www-form-urlencoded"
    ]
    assert [content for content in contents if not content.get("examples")] == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_refusal_is_a_problem(name):
    refusals = {code: row for code, row in OPERATIONS[name]["responses"].items() if code >= "400"}

    assert set(map(str, ALWAYS)) - set(refusals) == set()
    oauth = {"400", "401"} if "token" in name else set()
    assert {code: list(refusal["content"]) for code, refusal in refusals.items()} == {
        code: ["application/json" if code in oauth else "application/problem+json"] for code in refusals
    }
    assert "Retry-After" in refusals["429"]["headers"]


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("POST")])
def test_every_post_takes_an_idempotency_key(name):
    taken = [operation["name"] for operation in OPERATIONS[name].get("parameters", [])]

    assert ("Idempotency-Key" in taken) is (name != "POST /api/v1/token/")


def test_no_component_is_described_in_english():
    described_ones = {
        name: row["description"]
        for name, row in described()["components"]["schemas"].items()
        if "description" in row
    }

    assert described_ones == {}


def test_description_is_sent_once(client):
    first = client.get(url("schema"))

    again = client.get(url("schema"), headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert set(first["Cache-Control"].split(", ")) == {"public", "max-age=3600"}


@pytest.mark.django_db
@pytest.mark.parametrize("family", TAGS)
def test_each_family_has_its_page(client, family):
    page = client.get(reverse("operators:api_family", args=[family])).text
    own = [name for name, row in OPERATIONS.items() if row["tags"] == [family]]

    assert own
    assert [name for name in own if name not in page] == []


@pytest.mark.django_db
def test_guide_leads_to_each_family(client):
    page = client.get(reverse("operators:api_guide")).text

    assert [family for family in TAGS if reverse("operators:api_family", args=[family]) not in page] == []


@pytest.mark.django_db
def test_unknown_family_is_not_found(client):
    assert client.get(reverse("operators:api_family", args=["notes"])).status_code == 404


@pytest.mark.django_db
def test_unknown_address_of_the_api_is_a_problem(client):
    response = client.get("/api/v1/appointments/not-a-uuid/")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["type"] == "urn:mon-cep:not_found"
    assert client.get("/not-a-page/")["Content-Type"].startswith("text/html")
