import factory
from factory.django import DjangoModelFactory

from operators.booking.supervision.models import OpeningRequest
from operators.network.enums import Mode, ServiceLevel
from tests.factories.accounts import UserFactory
from tests.factories.dates import instant, on_day
from tests.factories.demand import WaitingEntryFactory
from tests.factories.operators import SiteFactory


class OpeningRequestFactory(DjangoModelFactory):
    """Three people wait on site for level 1 and one slot is free; `met=True` and `closed=True` end it."""

    class Meta:
        model = OpeningRequest

    class Params:
        met = factory.Trait(state="MET", free=3, closed_at=instant("2026-11-23 11:00"))
        closed = factory.Trait(
            state="CLOSED",
            closed_at=instant("2026-11-23 11:00"),
            closed_by=factory.SubFactory(UserFactory),
            reason="NO_ADVISER",
        )

    site = factory.SubFactory(SiteFactory)
    contract = factory.SelfAttribute("site.contract")
    level = ServiceLevel.ONE
    mode = Mode.ON_SITE
    asked_at = instant("2026-11-21 05:40")
    counted_on = on_day("2026-11-23")
    counted_at = instant("2026-11-23 05:40")
    waiting = 3
    free = 1


def wait_for(site, *, people: int, contract=None, level=ServiceLevel.ONE, mode=Mode.ON_SITE) -> None:
    """So many people join the waiting list of a site, or of a contract when they name no place."""
    place = {"site": site, "contract": contract or site.contract}
    WaitingEntryFactory.create_batch(people, level=level, modes=[mode], **place)
