"""/api/v1/deliveries/: the same reading as a file, by program."""

import pytest
from django.urls import reverse

from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.models import DataDelivery
from tests.factories.deliveries import DataDeliveryFactory, csv_of, software
from tests.factories.operators import ApiClientFactory
from tests.operators.exchange.software.conftest import signed_api

pytestmark = pytest.mark.django_db
URL = "operators:api_deliveries"


@pytest.fixture
def operator():
    return software()


@pytest.fixture
def api(operator):
    return signed_api(ApiClientFactory(organisation=operator.organisation))


def send(api, lines, *, key="nuit-1", query=""):
    return api.post(reverse(URL) + query, {"lignes": lines}, format="json", headers={"Idempotency-Key": key})


def test_software_sends_lines_and_reads_its_report(api, operator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(api, [*operator.road(), operator.session(id="S-2", niveau="SIX")])

    assert (answer.status_code, answer.json()["state"]) == (202, "WAITING")
    report = api.get(reverse("operators:api_delivery", args=[answer.json()["id"]])).json()
    assert (report["state"], report["new_count"], report["refused_count"]) == ("DONE", 4, 1)
    refused = api.get(reverse("operators:api_delivery_refused", args=[answer.json()["id"]])).json()
    line = refused["results"][0]
    assert (line["number"], line["line"]["niveau"], line["problems"][0]["field"]) == (5, "SIX", "niveau")
    assert CounsellingSession.objects.count() == 1


def test_same_key_is_the_same_delivery_and_another_content_is_refused(api, operator):
    first = send(api, operator.road())

    again = send(api, operator.road())
    other = send(api, [operator.request()])

    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert (other.status_code, other.json()["type"]) == (409, "urn:mon-cep:idempotency_key_reused")
    assert DataDelivery.objects.count() == 1


def test_csv_is_sent_as_it_is(api, operator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        api.post(
            reverse(URL),
            csv_of(*operator.road()).encode(),
            content_type="text/csv",
            headers={"Idempotency-Key": "k"},
        )

    delivery = DataDelivery.objects.get()
    assert (delivery.file_format, delivery.new_count, delivery.software) == ("csv", 4, "Logiciel de gestion")


def test_trial_writes_nothing(api, operator, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(api, operator.road(), query="?trial=true")

    assert answer.json()["is_trial"] is True
    assert not CounsellingSession.objects.exists()


def test_key_media_type_and_scope_are_asked_for(api, operator):
    without_key = api.post(reverse(URL), {"lignes": []}, format="json")
    image = api.post(reverse(URL), b"x", content_type="image/png", headers={"Idempotency-Key": "k"})
    reader = signed_api(ApiClientFactory(organisation=operator.organisation, scopes=["DELIVERIES_READ"]))

    assert (without_key.status_code, image.status_code) == (422, 415)
    assert send(reader, operator.road()).status_code == 403
    assert reader.get(reverse(URL)).json()["results"] == []


def test_delivery_of_another_operator_does_not_exist(api):
    other = DataDeliveryFactory()

    assert api.get(reverse("operators:api_delivery", args=[other.uuid])).status_code == 404
    assert api.get(reverse("operators:api_delivery_refused", args=[other.uuid])).status_code == 404
    assert api.get(reverse(URL)).json()["results"] == []
