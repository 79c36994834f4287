from django.db import transaction

from cep_portal.accounts.models import Organisation
from cep_portal.accounts.services import create_organisation
from procurement.contracts.models import Contract
from procurement.tender.models import Lot
from procurement.tender.reference import HolderFacts, MarketFacts


@transaction.atomic
def load_contracts(*, markets: tuple[MarketFacts, ...]) -> dict[str, int]:
    """Load the holders and contracts of the reference markets, once their lots are there.

    Only published holders and fictional ones have a contract. Safe to run again: a contract ended since
    by a decision is left as it is. Raises SiretInvalid on a wrong SIRET. Returns how many were read.
    """
    held = [(facts, lot.number, lot.holder) for facts in markets for lot in facts.lots if lot.holder]
    for facts, number, holder in held:
        _load_contract(Lot.objects.get(market__number=facts.number, number=number), facts, holder)
    return {"contracts": len(held)}


def _load_contract(lot: Lot, market: MarketFacts, facts: HolderFacts) -> None:
    Contract.objects.get_or_create(
        lot=lot,
        starts_on=market.starts_on,
        defaults={
            "holder": _holder(facts),
            "consortium_name": facts.consortium_name,
            "ends_on": market.ends_on,
            "phone": facts.phone,
            "is_demonstration": facts.is_fictional,
        },
    )


def _holder(facts: HolderFacts) -> Organisation:
    """Known by its SIRET, or by its name when the SIRET is not published; a corrected name is kept."""
    if facts.siret:
        Organisation.objects.filter(siret=facts.siret).update(name=facts.name)
        known = Organisation.objects.filter(siret=facts.siret).first()
    else:
        known = Organisation.objects.filter(name=facts.name, siret__isnull=True).first()
    return known or create_organisation(
        name=facts.name, siret=facts.siret, is_fictional=facts.is_fictional, by=None
    )
