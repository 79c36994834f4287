from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.models import Handover
from tests.factories.dates import instant, on_day
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
    until = on_day("2026-12-04")
    handed_at = instant("2026-11-23 10:00")
    handed_by = factory.SelfAttribute("former.user")
