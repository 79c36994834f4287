"""Level is a property of each session, both ways; one pathway through them all is one entry."""

from datetime import timedelta

import pytest

from operators.casework.pathways import presenters
from operators.casework.pathways.enums import ClosingOutcome, NextStep
from operators.casework.pathways.models import Pathway
from operators.network.enums import ServiceLevel
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiValue
from reporting.kpis.services import compute_indicators
from tests.factories.operators import MONDAY_NINE, AppointmentFactory
from tests.factories.procurement import RuleSetFactory
from tests.operators.casework.pathways.test_session_services import log

pytestmark = pytest.mark.django_db


def test_level_one_then_two_then_a_pause_then_one_again_is_one_entry():
    first = AppointmentFactory()
    market = first.site.contract.lot.market
    market.rule_set = RuleSetFactory(params={"reopening": {"days": 365}})
    market.save()

    def held(days, level, **facts):
        starts_at = MONDAY_NINE + timedelta(days=days)
        appointment = (
            first
            if days == 0
            else AppointmentFactory(adviser=first.adviser, beneficiary=first.beneficiary, starts_at=starts_at)
        )
        log(appointment, level=level, now=starts_at + timedelta(hours=2), **facts)

    held(0, ServiceLevel.ONE)
    held(7, ServiceLevel.TWO, next_step=NextStep.CLOSE, outcome=ClosingOutcome.PROJECT_READY)
    held(120, ServiceLevel.ONE)
    known = MONDAY_NINE + timedelta(days=150)
    compute_indicators(known_at=known, now=known)

    pathway = Pathway.objects.get()
    sessions = list(pathway.sessions.all())
    assert presenters.levels_of(sessions) == "niveau 1, puis niveau 2, puis niveau 1"
    assert (pathway.state, pathway.reopened_at) == ("OPEN", MONDAY_NINE + timedelta(days=120))
    years = KpiValue.objects.filter(kpi="entries", period_kind=PeriodKind.YEAR)
    assert sum(value.numerator for value in years) == 1


ONE, TWO = ServiceLevel.ONE, ServiceLevel.TWO


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((ONE,), "niveau 1"),
        ((TWO,), "niveau 2"),
        ((TWO, ONE), "niveau 2, puis niveau 1"),
        ((TWO, TWO), "niveau 2"),
        ((ONE, TWO, ONE, TWO), "niveau 1, puis niveau 2, puis niveau 1, puis niveau 2"),
    ],
)
def test_level_follows_no_forced_order_and_never_makes_an_entry(levels, words):
    """Level 2 at once, level 1 only, back down, up again: whatever was booked, what was done is the level."""
    first = AppointmentFactory(level=ONE if levels[0] == TWO else TWO)
    for place, level in enumerate(levels):
        starts_at = MONDAY_NINE + timedelta(days=7 * place)
        appointment = (
            first
            if place == 0
            else AppointmentFactory(adviser=first.adviser, beneficiary=first.beneficiary, starts_at=starts_at)
        )
        log(appointment, level=level, now=starts_at + timedelta(hours=2))
    known = MONDAY_NINE + timedelta(days=60)
    compute_indicators(known_at=known, now=known)

    pathway = Pathway.objects.get()
    years = KpiValue.objects.filter(kpi="entries", period_kind=PeriodKind.YEAR)
    assert presenters.levels_of(list(pathway.sessions.all())) == words
    assert sum(value.numerator for value in years) == 1
