from django.db import transaction

from procurement.tender.enums import RuleSetState
from procurement.tender.models import Lot, LotRegion, Market, RuleSet
from procurement.tender.reference import LotFacts, MarketFacts, RuleSetFacts


@transaction.atomic
def load_markets(*, markets: tuple[MarketFacts, ...], rule_sets: tuple[RuleSetFacts, ...]) -> dict[str, int]:
    """Load the reference markets: rule sets, lots, regions (reference.py); contracts come after.

    Safe to run again: facts are updated, except approved rule sets, which never change: a correction
    is a new version. Returns how many of each were read.
    """
    for rules in rule_sets:
        _load_rule_set(rules)
    for facts in markets:
        market = _load_market(facts)
        for lot in facts.lots:
            _load_lot(market, lot)
    lots = sum(len(facts.lots) for facts in markets)
    return {"rule_sets": len(rule_sets), "markets": len(markets), "lots": lots}


def _load_rule_set(facts: RuleSetFacts) -> None:
    RuleSet.objects.get_or_create(
        code=facts.code,
        version=1,
        defaults={
            "title": facts.title,
            "legal_reference": facts.legal_reference,
            "valid_from": facts.valid_from,
            "params": facts.params,
            "state": RuleSetState.APPROVED,
            "is_demonstration": facts.is_demonstration,
        },
    )


def _load_market(facts: MarketFacts) -> Market:
    values = {
        "name": facts.name,
        "starts_on": facts.starts_on,
        "ends_on": facts.ends_on,
        "decided_on": facts.decided_on,
        "awarded_on": facts.awarded_on,
        "amount_excl_tax": facts.amount_excl_tax,
        "source": facts.source,
        "rule_set": RuleSet.objects.get(code=facts.rule_set, version=1),
    }
    Market.objects.filter(number=facts.number).update(**values)
    return Market.objects.get_or_create(number=facts.number, defaults=values)[0]


def _load_lot(market: Market, facts: LotFacts) -> None:
    values = {
        "title": facts.title,
        "kind": facts.kind,
        "outcome": facts.outcome,
        "is_demonstration": facts.is_demonstration,
    }
    Lot.objects.filter(market=market, number=facts.number).update(**values)
    lot, _created = Lot.objects.get_or_create(market=market, number=facts.number, defaults=values)
    for region in facts.regions:
        LotRegion.objects.get_or_create(lot=lot, region_id=region, market=market, kind=facts.kind)
