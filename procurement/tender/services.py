from django.db import transaction

from cep_portal.accounts.models import Organisation
from cep_portal.accounts.services import create_organisation
from procurement.contracts.models import Contract
from procurement.tender.enums import RuleSetState
from procurement.tender.models import Lot, LotRegion, Market, RuleSet
from procurement.tender.reference import (
    HolderFacts,
    LotFacts,
    MarketFacts,
    RuleSetFacts,
)


@transaction.atomic
def load_markets(*, markets: tuple[MarketFacts, ...], rule_sets: tuple[RuleSetFacts, ...]) -> dict[str, int]:
    """Load the reference markets: rule sets, lots, regions, holders, contracts (reference.py).

    Safe to run again: facts are updated, except approved rule sets, which never change: a correction
    is a new version. Returns how many of each were read.
    """
    for facts in rule_sets:
        _load_rule_set(facts)
    for facts in markets:
        market = _load_market(facts)
        for lot in facts.lots:
            _load_lot(market, lot)
    lots = [lot for facts in markets for lot in facts.lots]
    return {
        "rule_sets": len(rule_sets),
        "markets": len(markets),
        "lots": len(lots),
        "contracts": sum(lot.holder is not None for lot in lots),
    }


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
    if facts.holder:
        _load_contract(lot, facts.holder)


def _load_contract(lot: Lot, facts: HolderFacts) -> None:
    """The service runs for the whole market; a contract ended since by a decision is left as it is."""
    Contract.objects.get_or_create(
        lot=lot,
        starts_on=lot.market.starts_on,
        defaults={
            "holder": _holder(facts),
            "consortium_name": facts.consortium_name,
            "ends_on": lot.market.ends_on,
            "phone": facts.phone,
            "is_demonstration": facts.is_fictional,
        },
    )


def _holder(facts: HolderFacts) -> Organisation:
    known = Organisation.objects.filter(name=facts.name, siret=facts.siret).first()
    return known or create_organisation(
        name=facts.name, siret=facts.siret, is_fictional=facts.is_fictional, by=None
    )
