"""Two advisers hand the same people over at the same instant: lent once, told once."""

from collections import Counter

import pytest

from cep_portal.messaging.models import Message
from operators.moving.handovers.models import Handover
from operators.moving.handovers.services import HandoverTerms, hand_over
from tests.clock import moved_day, present
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = present()
ROUNDS = 6


def test_one_portfolio_is_lent_once(race):
    for _ in range(ROUNDS):
        former = AdviserFactory()
        colleagues = [AdviserFactory(site=former.site) for _ in range(3)]
        for adviser in colleagues:
            OpeningRuleFactory(adviser=adviser)
        pathways = PathwayFactory.create_batch(2, adviser=former)
        AppointmentFactory(adviser=former, beneficiary=pathways[0].beneficiary)

        outcomes = race(
            *[
                lambda one=adviser, former=former, pathways=pathways: hand_over(
                    pathways=pathways,
                    former=former,
                    colleague=one,
                    terms=HandoverTerms(until=moved_day("2026-12-04")),
                    by=former.user,
                    now=NOW,
                )
                for adviser in colleagues
            ]
        )

        assert outcomes == Counter(done=1, PathwayNotOpen=2)

    assert Handover.objects.count() == 2 * ROUNDS
    assert Message.objects.filter(channel="EMAIL").count() == 2 * ROUNDS
