import pytest
from django.urls import reverse

from operators.network.models import Site
from tests.factories.operators import SiteFactory
from tests.operators.booking.agenda.absences import booked_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
WORDS = {
    "name": "Centre Nord",
    "address": "2 rue des Lilas",
    "postcode": "35000",
    "phone": "02.61.91.00.00",
    "access": "",
}


def page(name, *args):
    return reverse(f"operators:{name}", args=args)


def test_manager_opens_a_place_from_a_town_s_name(client, adviser, manager):
    commune = adviser.site.commune
    adviser.site.contract.lot.regions.set([commune.department.region])
    client.force_login(manager)

    done = client.post(page("site_add"), {**WORDS, "commune_text": commune.name, "is_step_free": "on"})

    site = Site.objects.get(name="Centre Nord")
    assert done.url == page("team")
    assert (site.commune, site.phone, site.is_step_free) == (commune, "02 61 91 00 00", True)


def test_another_s_territory_and_a_wrong_number_are_said_at_their_field(client, adviser, manager):
    client.force_login(manager)
    town = {"commune_text": adviser.site.commune.name}
    adviser.site.contract.lot.regions.clear()

    number = client.post(page("site_add"), {**WORDS, **town, "phone": "12"})
    town = client.post(page("site_add"), {**WORDS, **town})

    assert list(number.context["form"].errors) == ["phone"]
    assert list(town.context["form"].errors) == ["commune_text"]


def test_a_place_is_corrected_from_its_page(client, adviser, manager):
    client.force_login(manager)

    client.post(page("site_change", adviser.site.slug), WORDS)

    adviser.site.refresh_from_db()
    assert (adviser.site.name, adviser.site.is_step_free) == ("Centre Nord", False)


def test_who_comes_is_shown_before_a_place_closes_for_good(client, adviser, manager):
    place = SiteFactory(contract=adviser.site.contract)
    booked_with(adviser, site=place)
    client.force_login(manager)

    shown, done = client.get(page("site_close", place.slug)), client.post(page("site_close", place.slug))

    assert "Fermer et prévenir 1 personne" in shown.text
    assert done.url == page("replacement_list")


def test_who_belongs_there_is_named_with_the_way_to_move_them(client, adviser, manager):
    client.force_login(manager)

    shown = client.get(page("site_close", adviser.site.slug))
    refused = client.post(page("site_close", adviser.site.slug), follow=True)

    assert page("adviser_move", adviser.uuid) in shown.text
    assert "button-danger" not in shown.text
    assert "Donnez d’abord un autre lieu" in refused.text


def test_a_closed_place_offers_no_act(client, adviser, manager):
    gone = SiteFactory(contract=adviser.site.contract, is_open=False)
    client.force_login(manager)

    shown = client.get(page("site_close", gone.slug), follow=True)

    assert "Lieu fermé pour de bon" in shown.text
    assert '<form method="post" novalidate' not in shown.text


def test_an_adviser_is_moved_from_their_page(client, adviser, manager):
    place = SiteFactory(contract=adviser.site.contract)
    client.force_login(manager)

    done = client.post(page("adviser_move", adviser.uuid), {"site": place.slug})

    adviser.refresh_from_db()
    assert (done.url, adviser.site) == (page("adviser_capacity", adviser.uuid), place)
