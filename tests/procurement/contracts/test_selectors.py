from datetime import date

import pytest

from cep_portal.accounts.enums import Role
from procurement.contracts import selectors
from procurement.contracts.models import Contract
from procurement.tender.enums import LotKind, LotOutcome
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.procurement import ContractFactory, LotFactory, MarketFactory
from tests.factories.territories import CommuneFactory, RegionFactory

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 1, 2), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("on", "received"),
    [(date(2024, 1, 1), False), (FIRST, True), (LAST, True), (date(2028, 1, 1), False)],
)
def test_contract_is_in_force_on_both_its_days(on, received):
    contract = ContractFactory()

    found = selectors.contract_in_force(RegionFactory(), on)

    assert found == (contract if received else None)


def test_contract_in_force_takes_one_query_from_a_commune(django_assert_num_queries):
    contract = ContractFactory()
    commune = CommuneFactory()

    with django_assert_num_queries(1):
        found = selectors.contract_in_force(commune, FIRST)
        facts = (found.holder.name, found.lot.market.rule_set.code)

    assert facts == (contract.holder.name, contract.lot.market.rule_set.code)


def test_regional_lot_answers_before_the_backup_which_answers_alone():
    reunion = RegionFactory(reunion=True)
    market = MarketFactory()
    backup = ContractFactory(lot=LotFactory(market=market, kind=LotKind.OVERSEAS_BACKUP, regions=[reunion]))
    regional = ContractFactory(lot=LotFactory(market=market, regions=[reunion]), ends_on=date(2025, 12, 31))

    assert selectors.contract_in_force(reunion, FIRST) == regional
    assert selectors.contract_in_force(reunion, date(2026, 1, 1)) == backup


def test_technical_lot_receives_nobody():
    ContractFactory(lot=LotFactory(kind=LotKind.TECHNICAL, regions=[RegionFactory()]))

    assert selectors.contract_in_force(RegionFactory(), FIRST) is None


def test_market_border_changes_the_holder():
    brittany = RegionFactory()
    before = ContractFactory(
        lot=LotFactory(regions=[brittany]), starts_on=date(2020, 1, 1), ends_on=date(2023, 12, 31)
    )
    after = ContractFactory(lot=LotFactory(regions=[brittany]))

    days = [date(2023, 12, 31), date(2024, 1, 1), FIRST]
    assert [selectors.contract_in_force(brittany, day) for day in days] == [before, None, after]


def test_coverage_finds_holes_and_overlaps(django_assert_num_queries):
    brittany, reunion, east = RegionFactory(), RegionFactory(reunion=True), RegionFactory(grand_est=True)
    single = ContractFactory(lot=LotFactory(regions=[east]))
    pair = [ContractFactory(lot=LotFactory(regions=[brittany])) for _market in range(2)]

    with django_assert_num_queries(3):
        rows = selectors.coverage(on=FIRST)

    by_region = {row.region: row for row in rows}
    assert by_region[east].contracts == (single,)
    assert set(by_region[brittany].contracts) == set(pair)
    assert {row.region for row in rows if row.is_hole} == {reunion}
    assert {row.region for row in rows if row.is_overlap} == {brittany}


def test_backup_beside_a_regional_contract_is_no_overlap():
    reunion, market = RegionFactory(reunion=True), MarketFactory()
    for kind in (LotKind.REGIONAL, LotKind.OVERSEAS_BACKUP):
        ContractFactory(lot=LotFactory(market=market, kind=kind, regions=[reunion]))

    assert [row.is_overlap for row in selectors.coverage(on=FIRST)] == [False]


def test_reasons_name_each_lot():
    reunion, market = RegionFactory(reunion=True), MarketFactory(number=2)
    regional = LotFactory(market=market, number=14, title="Océan Indien", regions=[reunion])
    ContractFactory(lot=regional, holder=OrganisationFactory(name="Lagon (fictif)"))
    LotFactory(
        market=market,
        number=16,
        title="Secours",
        kind=LotKind.OVERSEAS_BACKUP,
        outcome=LotOutcome.NO_OFFER,
        regions=[reunion],
    )

    assert selectors.why_received(place=reunion, on=FIRST) == [
        (
            "Lot 14 – Océan Indien (régional, marché 2024-2027) : contrat en vigueur,"
            " c’est Lagon (fictif) qui reçoit."
        ),
        "Lot 16 – Secours (secours outre-mer, marché 2024-2027) : aucune offre reçue, donc aucun titulaire.",
    ]
    assert selectors.why_received(place=reunion, on=date(2023, 6, 1))[0].endswith(
        "le service ne commence que le 2 janv. 2024."
    )
    assert selectors.why_received(place=reunion, on=date(2028, 1, 1))[0].endswith(
        "le service a pris fin le 31 déc. 2027."
    )


@pytest.mark.parametrize(
    ("role", "count"),
    [
        (Role.CONTRACT_MANAGER, 2),
        (Role.ANALYST, 2),
        (Role.OPERATOR_MANAGER, 1),
        (Role.ADVISER, 1),
        (Role.BENEFICIARY, 0),
    ],
)
def test_who_sees_which_contracts(role, count):
    own, _other = ContractFactory(), ContractFactory()
    user = UserFactory(role=role, role__organisation=own.holder if role in Role.of_operators else None)

    assert Contract.objects.visible_to(user).count() == count


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        ({}, ["Normandie", "Corse", "Bretagne"]),
        ({"sort": "-lot"}, ["Bretagne", "Normandie", "Corse"]),
        ({"sort": "-fin"}, ["Corse", "Normandie", "Bretagne"]),
        ({"sort": "fin"}, ["Bretagne", "Normandie", "Corse"]),
        ({"status": "en-vigueur"}, ["Normandie"]),
        ({"status": "termines"}, ["Bretagne"]),
        ({"status": "a-venir"}, ["Corse"]),
        ({"market": "2"}, ["Normandie"]),
        ({"market": "x"}, ["Normandie", "Corse", "Bretagne"]),
        ({"search": "norm"}, ["Normandie"]),
        ({"sort": "inconnu"}, ["Corse", "Normandie", "Bretagne"]),
    ],
)
def test_contract_list_filters_and_sorts(wanted, titles):
    for number, title, starts, ends in [
        (1, "Bretagne", 2020, 2023),
        (2, "Normandie", 2024, 2027),
        (3, "Corse", 2028, 2031),
    ]:
        lot = LotFactory(market=MarketFactory(number=number), title=title)
        ContractFactory(lot=lot, starts_on=date(starts, 1, 2), ends_on=date(ends, 12, 31))
    user = UserFactory(role=Role.CONTRACT_MANAGER)

    contracts = selectors.contract_list(user=user, on=date(2026, 11, 22), **wanted)

    assert [contract.lot.title for contract in contracts] == titles
