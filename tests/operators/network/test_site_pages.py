import re
from datetime import date, time

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.network.selectors import sites_near
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory, CommunePostcodeFactory

pytestmark = pytest.mark.django_db


def found(client, **query):
    page = client.get(reverse("operators:site_list", query=query or None)).context["page"]
    return [site.name for site in page]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("", ["Rennes Centre", "Saint-Denis Nord"]),
        ("rénnes", ["Rennes Centre"]),
        ("St-Denis", ["Saint-Denis Nord"]),
        ("35000", ["Rennes Centre"]),
        ("97400", ["Saint-Denis Nord"]),
        ("Ille-et", ["Rennes Centre"]),
        ("Brest", []),
    ],
)
def test_public_list_finds_by_town_department_or_postcode(client, search, expected):
    rennes = SiteFactory(name="Rennes Centre")
    SiteFactory(name="Saint-Denis Nord", reunion=True)
    CommunePostcodeFactory(commune=rennes.commune)

    assert found(client, ou=search) == expected


def places(client, **query):
    return client.get(reverse("operators:site_list", query=query))


def test_place_in_the_very_town_is_in_it(client):
    """« 35 rennes », a typing error chosen from the list: never « Aucun lieu à Rennes … À 0 km »."""
    SiteFactory(name="Rennes Centre")
    vitre = CommuneFactory(code="35360", name="Vitré", search_name="vitre", longitude=-1.21, latitude=48.12)
    SiteFactory(name="Vitré", commune=vitre, contract=SiteFactory().contract)

    for query in ({"ou": "35 rennes"}, {"ou": "renes", "commune": "35238"}):
        page = places(client, **query)

        assert "Aucun lieu" not in page.text
        assert [card["title"] for card in page.context["around"]] == ["Vitré"]
        assert page.context["around"][0]["text"].startswith("À 35 km")
        assert "Rennes Centre" in [card["title"] for card in page.context["regions"][0]["cards"]]


def test_guessed_town_is_asked(client):
    SiteFactory(name="Centre")

    page = places(client, ou="renes")

    assert (page.context["town"], page.context["regions"], page.context["around"]) == (None, [], [])
    assert [choice["url"] for choice in page.context["choices"]] == ["?ou=renes&commune=35238"]
    assert "Quelle commune ?" in page.text


def test_place_beyond_a_hundred_kilometres_or_the_sea_is_never_offered(client):
    SiteFactory(name="Rennes Centre")
    CommuneFactory(code="29019", name="Brest", search_name="brest", longitude=-4.5, latitude=48.4)
    CommuneFactory(code="22016", name="Bréhat", search_name="brehat", longitude=-1.7, latitude=48.2)

    for town in ("Brest", "Bréhat"):
        page = places(client, ou=town)

        assert (page.context["regions"], page.context["around"]) == ([], [])
        assert "ni à moins de 100 km" in page.text


def test_closed_sites_and_ended_contracts_are_not_public(client):
    SiteFactory(is_open=False)
    ended = SiteFactory(contract=ContractFactory(ends_on=date(2025, 12, 31)))

    assert found(client) == []
    assert client.get(reverse("operators:site_detail", args=[ended.slug])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_public_list_query_count_is_constant(client, django_assert_num_queries, count):
    SiteFactory.create_batch(count)

    with django_assert_num_queries(3):  # count, sites, next slots
        client.get(reverse("operators:site_list"))


def test_site_page_tells_hours_modes_access_and_that_data_are_fictional(client):
    contract = ContractFactory(is_demonstration=True)
    site = SiteFactory(contract=contract, access="Deuxième étage, ascenseur.")
    adviser = AdviserFactory(site=site)
    OpeningRuleFactory(adviser=adviser, opens=time(8, 30), closes=time(12), modes=["PHONE"])
    OpeningRuleFactory(adviser=adviser, opens=time(13), closes=time(18), modes=["ON_SITE"])

    page = client.get(reverse("operators:site_detail", args=[site.slug])).content.decode()

    row = re.sub(r">\s+<", "><", re.sub(r' data-[a-z-]+="[^"]*"', "", page))
    assert '<th scope="row">Lundi</th><td>8\xa0h\xa030</td><td>18\xa0h</td>' in row
    assert "Sur place, par téléphone" in page
    assert "Deuxième étage, ascenseur." in page
    assert "données de démonstration" in page


def test_places_near_a_town_are_the_closest_first_and_receive_somebody():
    contract = ContractFactory()
    brest = CommuneFactory(code="29019", name="Brest", longitude=-4.5, latitude=48.4)
    far = OpeningRuleFactory(adviser__site=SiteFactory(contract=contract, commune=brest)).site
    near = OpeningRuleFactory(adviser__site=SiteFactory(contract=contract, is_step_free=False)).site
    OpeningRuleFactory(adviser=near.advisers.get(), weekday=2)
    SiteFactory(contract=contract)  # nobody receives there

    places = sites_near(contract=contract, near=CommuneFactory())
    step_free = sites_near(contract=contract, near=CommuneFactory(), step_free=True)

    assert [(site.site, round(site.km)) for site in places] == [(near, 0), (far, 211)]
    assert [site.site for site in step_free] == [far]


@pytest.mark.parametrize("count", [1, 4])
def test_team_page_shows_own_operator_only_in_constant_queries(client, django_assert_num_queries, count):
    contract = ContractFactory()
    site = SiteFactory(contract=contract)
    AdviserFactory.create_batch(count, site=site)
    AdviserFactory()  # another operator's
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder))

    with django_assert_num_queries(6):  # session, user, mandate, sites, count, advisers
        response = client.get(reverse("operators:team"))

    assert [one.name for one in response.context["sites"]] == [site.name]
    assert [one.site for one in response.context["page"]] == [site] * count


def test_team_counts_openings_and_coming_appointments_apart(client):
    """Two openings and no appointment are not four of anything: joins must not multiply."""
    rule = OpeningRuleFactory()
    OpeningRuleFactory(adviser=rule.adviser, weekday=2)
    holder = rule.site.contract.holder
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=holder))

    (adviser,) = client.get(reverse("operators:team")).context["page"]

    assert (adviser.opening_count, adviser.coming_count) == (2, 0)


def test_team_page_is_for_managers(client):
    client.force_login(AdviserFactory().user)

    assert client.get(reverse("operators:team")).status_code == 403
