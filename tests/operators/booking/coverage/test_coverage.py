"""Who would this commune get, on this date, and why; where does nobody receive, or two do."""

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.coverage import selectors
from operators.network.enums import Mode, ServiceLevel
from procurement.contracts.selectors import coverage as coverage_of
from tests.clock import moved_day
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory, LotFactory
from tests.factories.territories import CommuneFactory, RegionFactory

pytestmark = pytest.mark.django_db
COVERAGE = reverse("operators:coverage")
ON = moved_day("2026-11-23")


@pytest.fixture
def manager(client):
    user = UserFactory(role=Role.CONTRACT_MANAGER)
    client.force_login(user)
    return user


def ask(client, **query):
    return client.get(COVERAGE, {"commune_text": "rennes", "on": ON.isoformat(), **query})


def own(user):
    user.mandate = user.mandates.get()
    return user


def opening(**facts):
    return OpeningRuleFactory(**facts)


def test_coverage_answers_who_and_why(client, manager):
    ContractFactory(holder=OrganisationFactory(name="Phare (fictif)"))
    CommuneFactory()
    RegionFactory(reunion=True)

    page = ask(client)

    assert "<strong>Phare (fictif)</strong> reçoit les personnes de cette commune" in page.text
    assert "contrat en vigueur, c’est Phare (fictif) qui reçoit." in page.text
    assert "Régions sans opérateur" in page.text
    rows = {row["label"]: row["value"] for row in page.context["answer"]["rows"]}
    assert rows["Contrat"] == "du 2 janv. 2024 au 31 déc. 2027"
    assert rows["Lot"].endswith("qui couvre la région Bretagne")


def test_coverage_says_when_nobody_receives(client, manager):
    ContractFactory()
    CommuneFactory()

    page = ask(client, on="2023-11-22")

    assert "personne ne reçoit les personnes de cette commune" in page.text
    assert "le service ne commence que le 2 janv. 2024" in page.text


@pytest.mark.parametrize("on", [None, ""])
def test_coverage_without_a_date_takes_today(client, manager, on):
    """An address typed by hand, or the date emptied: no reproach."""
    contract = ContractFactory()
    CommuneFactory()
    query = {"commune_text": "rennes"} | ({} if on is None else {"on": on})

    page = client.get(COVERAGE, query)

    assert page.context["answer"]["contract"] == contract
    assert page.context["form"].errors == {}


def test_coverage_asks_to_choose_between_communes_without_javascript(client, manager):
    CommuneFactory()
    CommuneFactory(code="35239", name="Rennes-le-Château", search_name="rennes le chateau")

    page = ask(client, commune_text="renn")

    assert page.text.count('type="radio"') == 2
    assert "personne ne reçoit" not in page.text


def test_coverage_names_the_other_door_of_a_situation(client, manager):
    ContractFactory()
    CommuneFactory()

    assert "orientée ailleurs" in ask(client, situation="JOB_SEEKER").text
    assert "aussi proposée" in ask(client, situation="EXECUTIVE").text
    assert "Apec" not in ask(client, situation="EMPLOYEE").text


def test_coverage_lists_the_sites_that_would_be_offered(client, manager):
    contract = ContractFactory()
    near = SiteFactory(contract=contract, name="Site de Rennes")
    opening(adviser=AdviserFactory(site=near), modes=[Mode.ON_SITE], levels=[ServiceLevel.ONE])
    SiteFactory(contract=contract, name="Site endormi")
    ended = AdviserFactory(site=SiteFactory(contract=contract, name="Site fini"))
    opening(adviser=ended, last_on=moved_day("2026-11-22"))

    page = ask(client)

    offered = [(one.near.site.name, one.levels, one.modes) for one in page.context["answer"]["sites"]]
    assert offered == [("Site de Rennes", ("niveau 1",), ("sur place",))]
    assert [site.name for site in page.context["closed_sites"]] == ["Site endormi", "Site fini"]


def test_coverage_says_when_the_operator_opens_nothing(client, manager):
    ContractFactory()
    CommuneFactory()

    assert "ne propose rien" in ask(client).text


def test_gaps_name_each_level_and_mode_that_nobody_offers(manager):
    contract = ContractFactory()
    opening(
        adviser=AdviserFactory(site=SiteFactory(contract=contract)),
        modes=[Mode.ON_SITE, Mode.PHONE],
        levels=[ServiceLevel.ONE],
    )

    (gap,) = selectors.gaps(user=own(manager), rows=coverage_of(on=ON), on=ON)

    assert gap.department.name == "Ille-et-Vilaine"
    assert gap.missing == [
        "niveau 2 sur place",
        "niveau 2 par téléphone",
        "niveau 1 en visio",
        "niveau 2 en visio",
    ]


def test_operator_reads_its_own_gaps_and_sites_only(client):
    contract = ContractFactory()
    SiteFactory(contract=contract, name="À nous")
    other = ContractFactory(lot=LotFactory(regions=[RegionFactory(grand_est=True)]))
    SiteFactory(contract=other, name="À d’autres", commune=CommuneFactory(strasbourg=True))
    intake = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=contract.holder)
    client.force_login(intake)

    page = client.get(COVERAGE, {"on": ON.isoformat()})

    assert [site.name for site in page.context["closed_sites"]] == ["À nous"]
    assert [gap.department.region_id for gap in page.context["gaps"]] == ["53"]
    assert "/pilotage/contrats/" not in page.text


def test_overlap_of_two_regional_contracts_is_named(client, manager):
    region = RegionFactory()
    for _ in range(2):
        ContractFactory(lot=LotFactory(regions=[region]))

    page = client.get(COVERAGE, {"on": ON.isoformat()})

    assert page.context["overlaps"] == ["Bretagne"]
    assert "Régions avec deux contrats régionaux" in page.text


@pytest.mark.parametrize("role", [Role.BENEFICIARY, Role.COMMITTEE_MEMBER])
def test_coverage_is_closed_to_others(client, role):
    user = (
        UserFactory(role=role)
        if role == Role.BENEFICIARY
        else UserFactory(role=role, role__region=RegionFactory())
    )
    client.force_login(user)

    assert client.get(COVERAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_coverage_query_count_is_constant(client, manager, django_assert_num_queries, count):
    contract = ContractFactory()
    CommuneFactory()
    for _ in range(count):
        ContractFactory(lot=LotFactory(regions=[RegionFactory()]))
        opening(adviser=AdviserFactory(site=SiteFactory(contract=contract)))
        SiteFactory(contract=contract)
    ask(client)

    # session, user, mandates; lots, contracts, regions; commune (names, old names, larger,
    # areas); contract; lots with contracts and the
    # answer; sites, openings; offers, departments; sites without opening: whatever their number
    with django_assert_num_queries(19):
        ask(client)
