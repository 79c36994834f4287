"""Windows of distinct pathways are those counted directly, on every lot, month and kind."""

import random
from datetime import UTC, date, datetime

import pytest

from operators.network.enums import ServiceLevel
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiValue
from reporting.kpis.rules.periods import Period, to_date
from reporting.kpis.services import compute_indicators
from tests.factories.operators import CounsellingSessionFactory, PathwayFactory
from tests.reporting.kpis.test_services import KNOWN, adviser_in

pytestmark = pytest.mark.django_db
KNOWN_ON = date(2026, 11, 22)


def direct(held, period, *, levels):
    """Pathways with a session in the period, one by one: {contract: count}."""
    last = min(period.next_starts_on, date(2026, 11, 23))
    present = {
        (pathway.contract_id, pathway.pk)
        for pathway, day, level in held
        if period.starts_on <= day < last and level in levels
    }
    return {lot: sum(contract == lot for contract, _ in present) for lot in {lot for lot, _ in present}}


@pytest.fixture
def held():
    """Sessions of two lots, with holes of more than a year, and one of the running month."""
    drawn = random.Random(70)
    made = []
    for adviser in (adviser_in("53", "35"), adviser_in("28", "14")):
        for hour in (8, 10, 12, 14):
            pathway = PathwayFactory(adviser=adviser, entered_on=date(2024, 1, 2))
            for rank in sorted(drawn.sample(range(35), 6)):
                day = date(2024 + rank // 12, rank % 12 + 1, drawn.randint(2, 20))
                level = drawn.choice([ServiceLevel.ONE, ServiceLevel.TWO])
                starts_at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
                CounsellingSessionFactory(
                    pathway=pathway, starts_at=starts_at, level=level, recorded_at=starts_at
                )
                made.append((pathway, day, level))
    return made


def test_stored_windows_are_the_direct_counts(held):
    compute_indicators(known_at=KNOWN, now=KNOWN)

    stored = {}
    shares = KpiValue.objects.filter(kpi="level_two_share").exclude(period_kind=PeriodKind.MONTH)
    for value in shares:
        period = Period(value.period_kind, value.period_starts_on)
        if value.period_kind == PeriodKind.TO_DATE:
            period = to_date(value.period_starts_on.year, on=KNOWN_ON)
        stored.setdefault(period, {})[value.contract_id] = (value.numerator, value.denominator)
    assert {period.kind for period in stored} == set(PeriodKind) - {PeriodKind.MONTH}
    assert sum(period.kind == PeriodKind.ROLLING for period in stored) == 23  # December 2024 to October 2026
    both, two = {ServiceLevel.ONE, ServiceLevel.TWO}, {ServiceLevel.TWO}
    for period, counts in stored.items():
        under, over = direct(held, period, levels=both), direct(held, period, levels=two)
        assert counts == {lot: (over.get(lot, 0), count) for lot, count in under.items()}, period
    active = KpiValue.objects.filter(kpi="active_beneficiaries", numerator__gt=0)
    assert active.count() == KpiValue.objects.filter(kpi="level_two_share").count()


@pytest.mark.parametrize(
    ("kind", "starts_on"),
    [
        (PeriodKind.QUARTER, date(2026, 7, 1)),
        (PeriodKind.ROLLING, date(2025, 11, 1)),
        (PeriodKind.TO_DATE, date(2026, 1, 1)),
    ],
)
def test_windows_that_add_up_are_sums_of_months(kind, starts_on):
    adviser = adviser_in("53", "35")
    for month in (7, 8, 9):
        day = datetime(2026, month, 6, 9, tzinfo=UTC)
        CounsellingSessionFactory(
            pathway__adviser=adviser, pathway__entered_on=day.date(), starts_at=day, recorded_at=day
        )

    compute_indicators(known_at=KNOWN, now=KNOWN)

    window = KpiValue.objects.get(
        kpi="entries", contract=adviser.site.contract, period_kind=kind, period_starts_on=starts_on
    )
    assert window.numerator == 3
