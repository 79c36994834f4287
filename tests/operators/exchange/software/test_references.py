"""Closed lists and territories: codes, words, and a tag that says that nothing changed."""

import pytest

from cep_portal.territories.models import Commune, CommunePostcode
from operators.exchange.software.serializers.references import LISTS
from tests.factories.operators import ApiClientFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory
from tests.operators.exchange.software.calls import kinds, url
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
PAGES = {"lists": {}, "regions": {}, "departments": {}, "communes": {"department": "35"}}


def test_every_closed_list_is_told_with_its_words(api):
    lists = api.get(url("lists")).json()["lists"]

    assert sorted(lists) == sorted(LISTS)
    assert lists["modes"] == [
        {"code": "ON_SITE", "label": "sur place"},
        {"code": "PHONE", "label": "par téléphone"},
        {"code": "VIDEO", "label": "en visio"},
    ]


def test_territories_are_told(api, site):
    CommunePostcodeFactory(commune=site.commune, postcode="35200")
    CommuneFactory(strasbourg=True)

    assert api.get(url("communes"), {"department": "35"}).json()["results"] == [
        {"code": "35238", "name": "Rennes", "department": "35", "postcodes": ["35000", "35200"]}
    ]
    departments = {one["code"]: one for one in api.get(url("departments")).json()["results"]}
    assert departments["35"]["region"] == "53"
    assert {one["code"] for one in api.get(url("regions")).json()["results"]} >= {"53"}


@pytest.mark.parametrize("name", PAGES)
def test_what_did_not_change_is_not_sent_again(api, site, django_assert_num_queries, name):
    first = api.get(url(name), PAGES[name])

    with django_assert_num_queries(1 if name == "lists" else 2):  # client, trace
        again = api.get(url(name), PAGES[name], headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize("change", ["name", "postcode", "new postcode", "new commune"])
def test_any_change_is_another_tag(api, site, change):
    tag = api.get(url("communes"), PAGES["communes"])["ETag"]
    if change == "name":
        Commune.objects.filter(pk=site.commune_id).update(name="Roazhon")
    elif change == "postcode":
        CommunePostcode.objects.update(postcode="35700")
    elif change == "new postcode":
        CommunePostcodeFactory(commune=site.commune, postcode="35700")
    else:
        CommuneFactory(code="35001", name="Acigné", department=site.commune.department)

    again = api.get(url("communes"), PAGES["communes"], headers={"If-None-Match": tag})

    assert (again.status_code, again["ETag"] != tag) == (200, True)


@pytest.mark.parametrize("count", [1, 4])
def test_commune_query_count_is_constant(api, site, django_assert_num_queries, count):
    for number in range(count - 1):
        extra = CommuneFactory(
            code=f"3500{number}", name=f"Ville {number}", department=site.commune.department
        )
        CommunePostcodeFactory(commune=extra)

    with django_assert_num_queries(4):  # client, trace, communes, postcodes
        found = api.get(url("communes"), PAGES["communes"]).json()

    assert len(found["results"]) == count


@pytest.mark.parametrize("department", ["", "999999", "Bretagne"])
def test_communes_are_asked_by_department(api, department):
    assert kinds(api.get(url("communes"), {"department": department})) == (422, "invalid")


def test_any_software_reads_them_and_nobody_else(client, software):
    reader = signed_api(ApiClientFactory(organisation=software.organisation, scopes=["DELIVERIES_WRITE"]))

    assert reader.get(url("lists")).status_code == 200
    assert client.get(url("lists")).status_code == 401
