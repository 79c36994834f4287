"""/api/v1/indicators/: the figures of « Mon lot », for the operator's own software."""

from datetime import date

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.operators import ApiClientFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory, LotFactory, MarketFactory
from tests.factories.reporting import KpiRunFactory
from tests.factories.territories import RegionFactory
from tests.operators.exchange.software.conftest import signed_api
from tests.reporting.dashboards.test_views import regions, values_of

pytestmark = pytest.mark.django_db
URL = "reporting:api_indicators"
OCTOBER = {"period": "2026-10"}


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def api(organisation):
    return signed_api(ApiClientFactory(organisation=organisation))


def test_figures_are_those_of_the_page(client, api, organisation):
    run, region = KpiRunFactory(), RegionFactory()
    own = ContractFactory(lot__regions=[region], holder=organisation)
    values_of(run, [region], contract=own, entries=(3, None), no_show_rate=(4, 80))
    values_of(run, [region], entries=(500, None))
    CommitmentVersionFactory(commitment__contract=own, indicator="entries", comparison="AT_LEAST", target=10)
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=organisation))

    told = api.get(reverse(URL), OCTOBER).json()

    page = client.get(reverse("reporting:lot"), {"periode": "2026-10"}).context["report"]
    assert {row["code"]: row["text"] for row in told["figures"]} == {
        code: row.text for code, row in page.figures.items()
    }
    figures = {row["code"]: row for row in told["figures"]}
    assert figures["entries"]["period"] == {
        "value": 3.0,
        "numerator": 3,
        "denominator": None,
        "is_fragile": False,
        "is_provisional": False,
    }
    assert figures["entries"]["target"] == {"text": "au moins 10", "is_kept": False}
    assert (figures["no_show_rate"]["period"]["value"], figures["no_show_rate"]["target"]) == (5.0, None)
    assert (told["contract"], told["period"], told["is_provisional"]) == (str(own.uuid), "2026-10", False)


def test_contract_of_another_operator_does_not_exist(api, organisation):
    ContractFactory(holder=organisation)

    response = api.get(reverse(URL), {"contract": ContractFactory().uuid})

    assert (response.status_code, response.json()["type"]) == (404, "urn:mon-cep:not_found")


def test_the_contract_asked_for_is_told(api, organisation):
    market = MarketFactory()
    first, second = (
        ContractFactory(holder=organisation, lot=LotFactory(market=market, regions=[region]))
        for region in regions(2)
    )

    told = [api.get(reverse(URL), {"contract": contract.uuid}).json() for contract in (first, second)]

    assert [row["contract"] for row in told] == [str(first.uuid), str(second.uuid)]
    assert sorted(row["id"] for row in told[0]["contracts"]) == sorted([str(first.uuid), str(second.uuid)])


def test_operator_without_contract_has_no_figures(api):
    told = api.get(reverse(URL)).json()

    assert (told["contracts"], told["contract"], told["figures"], told["computed_at"]) == ([], None, [], None)


def test_nothing_is_told_before_the_first_run(api, organisation):
    own = ContractFactory(holder=organisation)

    told = api.get(reverse(URL)).json()

    assert (told["contract"], told["figures"], told["computed_at"]) == (str(own.uuid), [], None)


@pytest.mark.parametrize("period", ["2023", "2026-13", "octobre", "2099", "2026-1", "2026-T5", "12m-2024-11"])
def test_unknown_period_is_refused(api, period):
    response = api.get(reverse(URL), {"period": period})

    assert (response.status_code, [row["field"] for row in response.json()["errors"]]) == (422, ["period"])


def test_scope_is_asked_for(organisation):
    reader = signed_api(ApiClientFactory(organisation=organisation, scopes=["DELIVERIES_READ"]))

    assert reader.get(reverse(URL)).status_code == 403


@pytest.mark.parametrize("count", [1, 4])
def test_query_count_is_constant(api, organisation, django_assert_num_queries, count):
    run = KpiRunFactory()
    own = ContractFactory(lot__regions=regions(count), holder=organisation)
    values_of(run, list(own.lot.regions.all()), contract=own, entries=(40, None), starts_on=date(2026, 10, 1))

    with django_assert_num_queries(5):  # client, contracts, run, values, targets
        told = api.get(reverse(URL), OCTOBER).json()

    assert next(row["text"] for row in told["figures"] if row["code"] == "entries") == str(40 * count)
