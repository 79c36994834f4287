import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.common.page_parts import PagePart
from procurement.contracts.hooks import PARTS
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.procurement import ContractFactory

pytestmark = pytest.mark.django_db
CONTRACTS = reverse("procurement:contract_list")


@pytest.fixture
def manager(client):
    user = UserFactory(role=Role.CONTRACT_MANAGER)
    client.force_login(user)
    return user


@pytest.mark.parametrize("count", [1, 4])
def test_contract_list_query_count_is_constant(client, manager, django_assert_num_queries, count):
    for _contract in range(count):
        ContractFactory()

    with django_assert_num_queries(7):  # session, user, mandates, count, contracts, regions, markets
        response = client.get(CONTRACTS)

    assert len(response.context["page"]) == count


def test_contract_list_is_mine_for_managers_only(client, manager):
    assert "<h1>Mes contrats</h1>" in client.get(CONTRACTS).content.decode()

    client.force_login(UserFactory(role=Role.ANALYST))
    assert "<h1>Contrats</h1>" in client.get(CONTRACTS).content.decode()


def test_export_follows_the_filters_and_neutralises_formulas(client, manager):
    ContractFactory(lot__title="Normandie", holder=OrganisationFactory(name="=1+1"))
    ContractFactory(lot__title="Corse")

    response = client.get(reverse("procurement:contract_export"), {"recherche": "norm"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert ";Normandie;Bretagne;'=1+1;;2024-01-02;2027-12-31;en vigueur;non" in lines[1]


def test_contract_page_shows_lot_rules_and_panels(client, manager):
    contract = ContractFactory(
        lot__market__rule_set__params={"verification": {"days": 15, "silence": "admitted"}}
    )

    response = client.get(reverse("procurement:contract_detail", args=[contract.uuid]))

    content = response.content.decode()
    assert "15 jours ; le silence de l’acheteur vaut admission." in content
    assert [panel.title for panel in response.context["panels"]] == ["Engagements", "Pénalités"]


def test_panels_stay_away_from_those_who_may_not_read_them(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    response = client.get(reverse("procurement:contract_detail", args=[ContractFactory().uuid]))

    assert response.context["panels"] == []


def test_panel_registered_twice_is_refused():
    with pytest.raises(ValueError, match="added twice"):
        PARTS.add(PagePart("Engagements", "x.html", lambda _read: {}))


@pytest.mark.parametrize("name", ["contract_list", "contract_export"])
@pytest.mark.parametrize("role", [Role.OPERATOR_MANAGER, Role.ADVISER, Role.BENEFICIARY])
def test_contract_pages_are_closed_to_others(client, name, role):
    client.force_login(UserFactory(role=role))

    assert client.get(reverse(f"procurement:{name}")).status_code == 403
