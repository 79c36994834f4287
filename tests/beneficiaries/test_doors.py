"""Whom to ask elsewhere, and the telephone of one's region."""

import pytest
from django.urls import reverse

from beneficiaries.doors.reference import OUTSIDE
from beneficiaries.request.enums import Situation
from beneficiaries.triage.rules import ORIENTATIONS
from cep_portal.territories.reference import OUTSIDE_PLACES
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory

PHONE = reverse("beneficiaries:operator_phone")
DOORS = [door for orientation in ORIENTATIONS.values() for door in orientation.doors]


def test_each_place_outside_has_its_part_of_the_page(client):
    page = client.get(reverse("beneficiaries:elsewhere")).text

    assert {place.door for place in OUTSIDE_PLACES} == {place.anchor for place in OUTSIDE}
    assert all(f'id="{place.anchor}"' in page for place in OUTSIDE)
    assert all(door.site or door.phone for place in OUTSIDE for door in place.doors)


@pytest.mark.django_db
def test_commune_field_sends_there(client):
    page = client.get(reverse("territories:commune_search"), {"commune_text": "98800 Nouméa"}).text

    assert "Nouvelle-Calédonie n’est pas dans les 18 régions" in page
    assert f'href="{reverse("beneficiaries:elsewhere")}#nouvelle-caledonie"' in page


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_each_door_has_a_contact(door):
    assert door.phone or door.site
    assert door.url.startswith("https://")


@pytest.mark.django_db
def test_public_agent_reads_whom_to_ask_by_branch(client):
    client.post(reverse("beneficiaries:start"), {"situation": Situation.PUBLIC_AGENT})

    page = client.get(reverse("beneficiaries:triage_door")).text

    for words in ("conseiller mobilité-carrière", "centre de gestion", "ANFH"):
        assert words in page


@pytest.mark.django_db
def test_executive_reads_a_telephone_and_where_the_nearest_is(client):
    client.post(reverse("beneficiaries:start"), {"situation": Situation.EXECUTIVE})

    page = client.get(reverse("beneficiaries:triage_door")).text

    assert 'href="tel:0809361212"' in page
    assert "Trouver le centre Apec le plus proche" in page


@pytest.mark.parametrize("page", ["beneficiaries:home", "common:contact", "common:help"])
def test_telephone_is_reached_from_home_contact_and_help(client, page):
    content = client.get(reverse(page)).text

    assert f'action="{PHONE}"' in content
    assert 'name="commune_text"' in content


@pytest.mark.django_db
def test_telephone_of_the_region_is_given_by_commune(client):
    contract = ContractFactory()
    CommunePostcodeFactory(commune=CommuneFactory(), postcode="35000")

    page = client.get(PHONE, {"commune_text": "35000"}).text

    assert contract.holder.name in page
    assert contract.phone in page


@pytest.mark.django_db
def test_telephone_is_not_given_for_a_guess(client):
    contract = ContractFactory()
    CommuneFactory()

    asked = client.get(PHONE, {"commune_text": "renes"})
    chosen = client.get(PHONE, {"commune_text": "renes", "commune": "35238"})

    assert asked.context["contract"] is None
    assert contract.phone not in asked.text
    assert contract.phone in chosen.text


@pytest.mark.django_db
def test_nobody_designated_is_said(client):
    CommuneFactory()

    page = client.get(PHONE, {"commune_text": "Rennes"}).text

    assert "Aucun opérateur n’est désigné" in page


@pytest.mark.django_db
def test_telephone_page_says_when_no_number_is_known(client):
    contract = ContractFactory(phone="")
    CommuneFactory()

    page = client.get(PHONE, {"commune_text": "Rennes"}).text

    assert contract.holder.name in page
    assert "Son numéro n’est pas encore renseigné" in page
