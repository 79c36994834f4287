from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from procurement.commitments.enums import Comparison
from procurement.commitments.models import Commitment, CommitmentVersion
from procurement.contracts.models import Contract
from procurement.followup.models import Penalty
from procurement.tender.enums import LotKind, LotOutcome, RuleSetState
from procurement.tender.models import Lot, LotRegion, Market, RuleSet
from tests.clock import moved_day
from tests.factories.accounts import OrganisationFactory
from tests.factories.territories import RegionFactory


def end_of_next_year() -> date:
    """The market is under way at any present."""
    return date(moved_day("2026-11-23").year + 1, 12, 31)


class RuleSetFactory(DjangoModelFactory):
    class Meta:
        model = RuleSet

    code = factory.Sequence(lambda n: f"FCS-2021-{n}")
    title = "CCAG-FCS 2021"
    legal_reference = "CCAG-FCS, arrêté du 30 mars 2021"
    valid_from = date(2021, 4, 1)
    state = RuleSetState.APPROVED
    params = factory.LazyFunction(dict)


class MarketFactory(DjangoModelFactory):
    class Meta:
        model = Market

    number = factory.Sequence(lambda n: n + 2)
    name = factory.LazyAttribute(lambda market: f"Marché {market.number}")
    starts_on = date(2024, 1, 2)
    ends_on = factory.LazyFunction(end_of_next_year)
    rule_set = factory.SubFactory(RuleSetFactory)


class LotFactory(DjangoModelFactory):
    """A lot; `regions=[…]` links regions with the market and kind that the database wants."""

    class Meta:
        model = Lot
        skip_postgeneration_save = True

    market = factory.SubFactory(MarketFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda lot: f"Lot {lot.number}")
    kind = LotKind.REGIONAL
    outcome = LotOutcome.AWARDED

    @factory.post_generation
    def regions(self, create, regions):
        for region in regions or []:
            LotRegion.objects.create(lot=self, region=region, market=self.market, kind=self.kind)


class ContractFactory(DjangoModelFactory):
    """The contract of a lot that covers Bretagne, unless `lot=` or `lot__regions=[…]` says otherwise."""

    class Meta:
        model = Contract

    lot = factory.SubFactory(LotFactory, regions=factory.LazyFunction(lambda: [RegionFactory()]))
    holder = factory.SubFactory(OrganisationFactory)
    starts_on = date(2024, 1, 2)
    ends_on = factory.LazyFunction(end_of_next_year)
    phone = "02 61 91 00 00"


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = Commitment

    contract = factory.SubFactory(ContractFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "Recevoir vite"


class CommitmentVersionFactory(DjangoModelFactory):
    class Meta:
        model = CommitmentVersion

    commitment = factory.SubFactory(CommitmentFactory)
    version = 1
    text = "Le titulaire reçoit vite."
    indicator = "first_appointment_days"
    comparison = Comparison.AT_MOST
    target = Decimal("10.00")
    penalty_clause = "missed_target"
    first_month = date(2024, 1, 1)


class PenaltyFactory(DjangoModelFactory):
    class Meta:
        model = Penalty

    version = factory.SubFactory(CommitmentVersionFactory)
    month = date(2026, 10, 1)
    measured = Decimal("12.5")
    numerator = 1250
    denominator = 100
    computed_amount_excl_tax = Decimal("1500.00")
    trace = factory.LazyFunction(dict)
    proposed_at = datetime(2026, 11, 1, 3, 10, tzinfo=UTC)
