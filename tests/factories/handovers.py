from datetime import UTC, date, datetime
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.models import Handover
from tests.factories.operators import AdviserFactory, PathwayFactory


class HandoverFactory(DjangoModelFactory):
    """A pathway lent to a colleague of the same site until Friday 4 December 2026."""

    class Meta:
        model = Handover
        exclude = ["lender"]

    lender = factory.SubFactory(AdviserFactory)
    colleague = factory.SubFactory(AdviserFactory, site=factory.SelfAttribute("..lender.site"))
    former = factory.SelfAttribute("lender")
    pathway = factory.SubFactory(
        PathwayFactory,
        adviser=factory.SelfAttribute("..colleague"),
    )
    batch = factory.LazyFunction(uuid4)
    kind = HandoverKind.TEMPORARY
    until = date(2026, 12, 4)
    handed_at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    handed_by = factory.SelfAttribute("former.user")
