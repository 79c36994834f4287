import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from reporting.kpis.rules.definitions import DEFINITIONS
from tests.factories.accounts import UserFactory
from tests.factories.procurement import (
    CommitmentVersionFactory,
    ContractFactory,
)
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

OCTOBER = {"periode": "2026-10"}


@pytest.fixture
def analyst(client, db):
    client.force_login(UserFactory(role=Role.ANALYST))
    return client


def values_of(run, regions, *, contract=None, starts_on=date(2026, 10, 1), **counts):
    contract = contract or ContractFactory(lot__regions=regions)
    for region in regions:
        for kpi, (numerator, denominator) in counts.items():
            KpiValueFactory(
                run=run,
                kpi=kpi,
                contract=contract,
                region=region,
                numerator=numerator,
                denominator=denominator,
                period_starts_on=starts_on,
            )
    return contract


def regions(count):
    return [RegionFactory(code=f"{code}", name=f"Région {code}") for code in range(60, 60 + count)]


@pytest.mark.parametrize("count", [1, 4])
def test_national_page_query_count_is_constant(analyst, django_assert_num_queries, count):
    """RDV-SP 1077, 2008, 3417, PR 3006: statistics and exports die."""
    values_of(KpiRunFactory(), regions(count), entries=(40, None), no_show_rate=(4, 80))

    with django_assert_num_queries(6):  # session, user, mandate, run, values, regions
        response = analyst.get(reverse("reporting:national"), OCTOBER)

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 4])
def test_region_page_query_count_is_constant(analyst, django_assert_num_queries, count):
    run = KpiRunFactory()
    region = RegionFactory()
    for month in range(1, count + 1):
        values_of(run, [region], starts_on=date(2026, month, 1), entries=(40, None))

    with django_assert_num_queries(7):  # session, user, mandate, region, run, values, France
        response = analyst.get(reverse("reporting:region", args=["53"]))

    cells = response.context["report"].series["entries"]
    assert [cell.numerator for cell in cells if cell.numerator] == [40] * count


def test_pages_say_so_before_the_first_computation(analyst):
    RegionFactory()
    for url in (reverse("reporting:national"), reverse("reporting:region", args=["53"])):
        response = analyst.get(url)
        assert response.status_code == 200
        assert "Aucun indicateur n’a encore été calculé" in response.text
    assert analyst.get(reverse("reporting:national_csv")).status_code == 404


def test_headlines_compare_with_the_same_month_a_year_before(analyst):
    run, (region,) = KpiRunFactory(), regions(1)
    contract = values_of(run, [region], entries=(110, None), satisfaction_rate=(180, 200))
    values_of(
        run,
        [region],
        contract=contract,
        starts_on=date(2025, 10, 1),
        entries=(100, None),
        satisfaction_rate=(184, 200),
    )

    response = analyst.get(reverse("reporting:national"), OCTOBER)

    assert [(one.definition.code, one.text, one.evolution) for one in response.context["headlines"]] == [
        ("entries", "110", "+10,0\u00a0%"),
        ("uptake_rate", "—", ""),
        ("level_two_share", "—", ""),
        ("first_appointment_days", "—", ""),
        ("satisfaction_rate", "90,0\u00a0%", "−2,0\u00a0points"),
    ]


def test_running_month_is_provisional_and_compared_with_nothing(analyst, freezer_today):
    """RDV-I 1727, 2557, PR 1648, 1851, 2487: negative delays, running month always bad."""
    run, (region,) = KpiRunFactory(), regions(1)
    contract = values_of(run, [region], starts_on=date(2026, 11, 1), entries=(60, None))
    values_of(run, [region], contract=contract, starts_on=date(2025, 11, 1), entries=(100, None))

    response = analyst.get(reverse("reporting:national"), {"periode": "2026-11"})

    assert response.context["report"].is_provisional
    assert response.context["headlines"][0].evolution == ""
    assert ", provisoire" in response.text


@pytest.fixture
def freezer_today(clock):
    """The views read the clock here: 22 November 2026, 10:00 in Paris."""
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    clock.move_to(now)


@pytest.mark.parametrize(
    ("asked", "windows", "within"),
    [
        ("2026-10", ["2026-10", "2026-T3", "12m-2026-10", "2026"], 10),
        ("2026-T2", ["2026-06", "2026-T2", "12m-2026-06", "2026"], 3),
        ("12m-2026-09", ["2026-09", "2026-T3", "12m-2026-09", "2026"], 10),
        ("2025", ["2025-12", "2025-T4", "12m-2025-12", "2025"], 0),
        ("2026", ["2026-10", "2026-T3", "12m-2026-10", "2026"], 0),
    ],
)
def test_the_address_says_the_window(analyst, asked, windows, within):
    """On 22 November 2026: the running month is not offered for a region."""
    KpiRunFactory()
    RegionFactory()

    page = analyst.get(reverse("reporting:region", args=["53"]), {"periode": asked})

    groups = {group["label"]: group["items"] for group in page.context["groups"]}
    assert [item["url"] for item in groups["Fenêtre"]] == [f"?periode={code}" for code in windows]
    assert [item["label"] for item in groups["Année"]] == ["2024", "2025", "2026"]
    assert sum(len(items) for name, items in groups.items() if name not in ("Fenêtre", "Année")) == within
    assert [sum(item["current"] for item in items) for items in groups.values()] == [1] * len(groups)


@pytest.mark.parametrize(
    "query",
    ["periode=2023-12", "periode=2099", "periode=2026-13", "periode=x", "indicateur=x"],
)
def test_unknown_period_or_indicator_is_not_found(analyst, query):
    assert analyst.get(f"{reverse('reporting:national')}?{query}").status_code == 404


def test_table_sorts_by_the_url_and_keeps_unknown_cells_last(analyst):
    run = KpiRunFactory()
    low, high, none, few = regions(4)
    values_of(run, [low], entries=(10, None))
    values_of(run, [high], entries=(90, None))
    values_of(run, [few], entries=(3, None))
    run.values.filter(region=few).update(numerator=0, kpi="no_show_rate", denominator=9)

    def order(tri):
        response = analyst.get(reverse("reporting:national"), {**OCTOBER, "tri": tri})
        return [row.region for row in response.context["rows"]]

    assert order("entries") == [low, high, none, few]
    assert order("-entries") == [high, low, none, few]
    assert order("-region") == [few, none, high, low]


def test_national_csv_holds_the_figures_of_the_page(analyst):
    run = KpiRunFactory()
    (region,) = regions(1)
    values_of(run, [region], satisfaction_rate=(1_094, 1_230))

    response = analyst.get(reverse("reporting:national_csv"), OCTOBER)

    rows = list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff")), delimiter=";"))
    found = [row for row in rows if row["valeur"]]
    assert [(row["territoire"], row["valeur"], row["denominateur"]) for row in found] == [
        ("France", "88,9", "1230"),
        (region.name, "88,9", "1230"),
    ]
    assert response["Content-Disposition"] == 'attachment; filename="indicateurs-france-2026-10.csv"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", DEFINITIONS)
def test_every_definition_has_its_page(analyst, code):
    response = analyst.get(reverse("reporting:indicator", args=[code]))

    assert DEFINITIONS[code].definition in response.text


def test_unknown_definition_is_not_found(analyst):
    assert analyst.get(reverse("reporting:indicator", args=["x"])).status_code == 404


@pytest.mark.parametrize("role", Role.values)
def test_who_may_open_each_page(client, db, role):
    region = RegionFactory()
    scope = {"role__region": region} if role in Role.of_regions else {}
    client.force_login(UserFactory(role=role, **scope))
    france = role in Role.of_france_competences
    expected = {
        reverse("reporting:national"): france,
        reverse("reporting:national_csv") + "?periode=2026-10": france,
        reverse("reporting:region", args=["53"]): france or role in Role.of_regions,
        reverse("reporting:indicator", args=["entries"]): role in Role.agents,
        reverse("reporting:lot"): role == Role.OPERATOR_MANAGER,
    }
    KpiRunFactory()

    opened = {url: client.get(url).status_code for url in expected}

    assert opened == {url: 200 if allowed else 403 for url, allowed in expected.items()}


def test_committee_member_finds_only_the_own_region(client, db):
    own, other = RegionFactory(), RegionFactory(code="28", name="Normandie")
    client.force_login(UserFactory(role=Role.COMMITTEE_MEMBER, role__region=own))

    codes = [
        client.get(reverse(name, args=[code])).status_code
        for name in ("reporting:region", "reporting:region_csv", "reporting:region_packs")
        for code in (other.pk, "99")
    ]

    assert codes == [404] * 6


@pytest.fixture
def manager(client, db):
    user = UserFactory(role=Role.OPERATOR_MANAGER)
    client.force_login(user)
    return user


def test_my_lot_shows_the_exact_numbers_of_my_contract(client, manager):
    run, region = KpiRunFactory(), RegionFactory()
    own = ContractFactory(lot__regions=[region], holder=manager.mandate.organisation)
    values_of(run, [region], contract=own, entries=(3, None))
    values_of(run, [region], entries=(500, None))
    CommitmentVersionFactory(commitment__contract=own, indicator="entries", comparison="AT_LEAST", target=10)

    response = client.get(reverse("reporting:lot"), OCTOBER)

    assert response.context["report"].figures["entries"].text == "3"
    target = response.context["lines"][0].target
    assert (target.text, target.kept) == ("au moins 10", False)


@pytest.mark.parametrize("count", [1, 4])
def test_my_lot_query_count_is_constant(client, manager, django_assert_num_queries, count):
    run = KpiRunFactory()
    own = ContractFactory(lot__regions=regions(count), holder=manager.mandate.organisation)
    values_of(run, list(own.lot.regions.all()), contract=own, entries=(40, None))

    with django_assert_num_queries(8):  # session, user, mandate, contracts, run, values, targets, other lots
        response = client.get(reverse("reporting:lot"), OCTOBER)

    assert response.context["report"].figures["entries"].text == str(40 * count)


def test_another_operators_lot_is_not_found(client, manager):
    ContractFactory(holder=manager.mandate.organisation)
    other = ContractFactory()

    assert client.get(reverse("reporting:lot"), {"lot": str(other.uuid)}).status_code == 404


def test_manager_without_a_contract_is_told_so(client, manager):
    assert "n’a pas de contrat" in client.get(reverse("reporting:lot")).text
