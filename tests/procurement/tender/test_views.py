import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from procurement.tender.enums import LotKind, LotOutcome
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.procurement import ContractFactory, LotFactory, MarketFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
MARKETS = reverse("procurement:market_list")


@pytest.mark.parametrize("count", [1, 4])
def test_market_list_query_count_is_constant(client, django_assert_num_queries, count):
    client.force_login(UserFactory(role=Role.BUYER))
    for _market in range(count):
        market = MarketFactory()
        for region in [RegionFactory(), RegionFactory(reunion=True)][:count]:
            ContractFactory(lot=LotFactory(market=market, regions=[region]))

    with django_assert_num_queries(8):  # session, user, mandates, markets, lots, regions, contracts, holders
        response = client.get(MARKETS)

    assert len(response.context["markets"]) == count


def test_market_list_tells_held_unpublished_and_fruitless_lots_apart(client):
    client.force_login(UserFactory(role=Role.ANALYST))
    market = MarketFactory(number=2)
    held = LotFactory(market=market, regions=[RegionFactory()])
    ContractFactory(lot=held, holder=OrganisationFactory(name="Phare (fictif)"))
    LotFactory(market=market, title="Corse")
    LotFactory(market=market, kind=LotKind.OVERSEAS_BACKUP, outcome=LotOutcome.NO_OFFER)

    content = client.get(MARKETS).content.decode()

    assert content.count("Phare (fictif)") == 1
    assert content.count("non publié") == 1
    assert content.count("infructueux") == 1


def test_lot_shows_its_contracts(client):
    client.force_login(UserFactory(role=Role.DECIDER))
    contract = ContractFactory(holder=OrganisationFactory(name="Phare (fictif)"))

    content = client.get(reverse("procurement:lot_detail", args=[contract.lot.uuid])).content.decode()

    assert "Bretagne" in content
    assert "Phare (fictif)" in content


@pytest.mark.parametrize(
    "role", [Role.OPERATOR_MANAGER, Role.ADVISER, Role.BENEFICIARY, Role.COMMITTEE_MEMBER]
)
def test_markets_are_closed_to_others(client, role):
    region = RegionFactory() if role == Role.COMMITTEE_MEMBER else None
    client.force_login(UserFactory(role=role, role__region=region))

    assert client.get(MARKETS).status_code == 403
    assert client.get(reverse("procurement:lot_detail", args=[LotFactory().uuid])).status_code == 403
