import re

import pytest

from cep_portal.accounts.models import Organisation
from cep_portal.accounts.rules import siret_is_valid
from procurement.contracts.models import Contract
from procurement.contracts.services import load_contracts
from procurement.tender.enums import LotKind, LotOutcome
from procurement.tender.models import Lot, LotRegion, Market, RuleSet
from procurement.tender.reference import MARKETS, RULE_SETS
from procurement.tender.services import load_markets
from tests.factories.territories import RegionFactory

REGIONS = [
    *(
        "01",
        "02",
        "03",
        "04",
        "06",
        "11",
        "24",
        "27",
        "28",
        "32",
        "44",
        "52",
        "53",
        "75",
        "76",
        "84",
        "93",
        "94",
    )
]
FICTION_RANGES = re.compile(r"^(01 99 00|02 61 91|03 53 01|04 65 71|05 36 49|06 39 98) \d\d \d\d$")


@pytest.fixture
def markets(db):
    for code in REGIONS:
        RegionFactory(code=code, name=f"Région {code}")
    load()


def load():
    load_markets(markets=MARKETS, rule_sets=RULE_SETS)
    load_contracts(markets=MARKETS)


def test_markets_have_the_published_shape(markets):
    def lots(market, **wanted):
        return Lot.objects.filter(market__number=market, **wanted).count()

    assert (lots(1), lots(1, kind=LotKind.REGIONAL), lots(1, kind=LotKind.TECHNICAL)) == (19, 18, 1)
    assert (lots(2), lots(2, kind=LotKind.REGIONAL), lots(2, outcome=LotOutcome.AWARDED)) == (16, 14, 15)
    backup = Lot.objects.get(kind=LotKind.OVERSEAS_BACKUP)
    assert (backup.outcome, backup.contracts.count()) == (LotOutcome.NO_OFFER, 0)
    assert Contract.objects.filter(lot__market__number=1).count() == 9
    assert Contract.objects.filter(lot__market__number=2).count() == 15


def test_each_market_covers_each_region_once(markets):
    for market in Market.objects.all():
        covered = LotRegion.objects.filter(market=market, kind=LotKind.REGIONAL)
        assert sorted(covered.values_list("region_id", flat=True)) == sorted(REGIONS)


def test_only_published_holders_are_real(markets):
    real = Organisation.objects.filter(is_fictional=False)

    assert set(real.values_list("siret", flat=True)) == {None}
    assert set(real.values_list("contracts__lot__market__number", flat=True)) == {1}
    assert not Contract.objects.filter(lot__market__number=2, is_demonstration=False).exists()
    assert not Contract.objects.filter(lot__market__number=1).exclude(phone="").exists()


def test_fictional_holders_cannot_be_taken_for_real_ones(markets):
    for holder in Organisation.objects.filter(is_fictional=True).prefetch_related("contracts"):
        assert holder.name.endswith("(fictif)")
        assert holder.siret.startswith("000")
        assert siret_is_valid(holder.siret)
        assert FICTION_RANGES.match(holder.contracts.all()[0].phone)


def test_loading_again_changes_nothing(markets):
    def counts():
        return [model.objects.count() for model in (RuleSet, Market, Lot, LotRegion, Contract, Organisation)]

    before = counts()
    Organisation.objects.filter(siret="00000008300014").update(name="Ancien nom (fictif)")
    load()

    assert counts() == before
    assert Organisation.objects.get(siret="00000008300014").name == "Le Phare des Métiers (fictif)"


def test_demonstration_clause_has_the_agreed_shape(markets):
    rule_set = Market.objects.get(number=2).rule_set

    assert rule_set.is_demonstration
    assert rule_set.params["missed_target"] == {
        "kind": "points",
        "bands": [
            {"shortfall_below": "1.0", "points": 1},
            {"shortfall_below": "2.0", "points": 2},
            {"shortfall_below": "3.0", "points": 3},
        ],
        "beyond_points": 4,
        "repeat_factor": 2,
        "amount_per_point": "400.00",
        "demonstration": True,
    }
    assert "missed_target" not in Market.objects.get(number=1).rule_set.params
