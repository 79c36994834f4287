"""Nothing is compared, ranked, drawn nor judged before the lag of its definition is over (ADR 0066)."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from reporting.dashboards import exports, selectors
from reporting.dashboards.presenters import drawings
from reporting.kpis.rules.definitions import DEFINITIONS, FIRST_APPOINTMENT_DAYS, LEVEL_TWO_SHARE
from reporting.kpis.rules.periods import month_of, year_of
from reporting.kpis.rules.ripeness import is_ripe, last_ripe_month, ripe_on
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
OCTOBER = month_of(date(2026, 10, 1))
DAY_ONE, DAY_FIVE, DAY_TWENTY, EVE, RIPE = (
    *(date(2026, 11, day) for day in (1, 5, 20)),
    date(2027, 1, 29),
    date(2027, 1, 30),
)
UNRIPE_DAYS = (DAY_ONE, DAY_FIVE, DAY_TWENTY, EVE)
DELAY, SHARE = FIRST_APPOINTMENT_DAYS.code, LEVEL_TWO_SHARE.code


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def contract(region):
    """A contract that misses its ten days in October, this year and the last."""
    contract = ContractFactory(lot__regions=[region])
    CommitmentVersionFactory(commitment__contract=contract)
    run = KpiRunFactory()
    for year in (2025, 2026):
        for code, numerator, denominator in ((DELAY, 640, 100), (SHARE, 35, 100)):
            KpiValueFactory(
                kpi=code,
                contract=contract,
                region=region,
                period_starts_on=date(year, 10, 1),
                numerator=numerator + year - 2025,
                denominator=denominator,
                run=run,
            )
    return contract


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_figure_is_ripe_when_its_period_and_its_lag_are_over(definition):
    lag = 90 if definition is FIRST_APPOINTMENT_DAYS else 0

    assert definition.lag_days == lag
    assert (ripe_on(definition, OCTOBER) - date(2026, 11, 1)).days == lag
    assert (ripe_on(definition, year_of(date(2026, 10, 1))) - date(2027, 1, 1)).days == lag
    assert [is_ripe(definition, OCTOBER, on=day) for day in (DAY_ONE, EVE, RIPE)] == [
        lag == 0,
        lag == 0,
        True,
    ]
    assert last_ripe_month(definition, on=DAY_ONE).code == ("2026-07" if lag else "2026-10")


@pytest.mark.parametrize("on", UNRIPE_DAYS)
def test_unripe_figure_is_shown_and_compared_with_nothing(contract, region, on):
    report = selectors.region_report(region=region, period=OCTOBER, on=on)

    delay, share = report.figures[DELAY], report.figures[SHARE]
    assert (delay.text, delay.is_rising, delay.evolution) == ("6,4\u00a0j", True, "")
    assert (share.is_rising, share.evolution) == (False, "+1,0\u00a0point")
    assert report.france[DELAY].is_rising


def test_ripe_figure_is_compared(contract, region):
    delay = selectors.region_report(region=region, period=OCTOBER, on=RIPE).figures[DELAY]

    assert (delay.is_rising, delay.evolution) == (False, "0,0\u00a0j")


@pytest.mark.parametrize(("on", "kept"), [*((day, None) for day in UNRIPE_DAYS), (RIPE, True)])
def test_commitment_is_said_kept_or_not_once_ripe_only(contract, on, kept):
    report = selectors.contract_report(contract=contract, period=OCTOBER, on=on)

    assert selectors.targets(contract=contract, report=report)[DELAY].kept is kept


def test_running_month_keeps_no_commitment_whatever_its_lag(contract):
    CommitmentVersionFactory(
        commitment__contract=contract, commitment__number=2, indicator=SHARE, comparison="AT_LEAST", target=30
    )
    running = selectors.contract_report(contract=contract, period=OCTOBER, on=date(2026, 10, 31))
    over = selectors.contract_report(contract=contract, period=OCTOBER, on=DAY_ONE)

    kept = [selectors.targets(contract=contract, report=report)[SHARE].kept for report in (running, over)]
    assert kept == [None, True]


@pytest.mark.parametrize(("on", "drawn"), [*((day, False) for day in UNRIPE_DAYS), (RIPE, True)])
def test_unripe_figure_is_not_drawn_on_the_map_nor_the_lines(contract, region, on, drawn):
    national = selectors.national_report(period=OCTOBER, on=on)
    report = selectors.region_report(region=region, period=OCTOBER, on=on)

    values = [drawings._mapped(row.figures[DELAY]) for row in national.rows]
    assert [value is not None for value in values] == [drawn]
    (cell,) = (
        cell for month, cell in zip(report.months, report.series[DELAY], strict=True) if month == OCTOBER
    )
    assert cell.unripe is not drawn


def test_rank_waits_for_the_lag_too(contract):
    for number in range(5):
        other = ContractFactory()
        KpiValueFactory(kpi=DELAY, contract=other, numerator=900 + number, denominator=100)
    report = selectors.contract_report(contract=contract, period=OCTOBER, on=EVE)

    assert DELAY not in selectors.positions(contract=contract, report=report)


def test_csv_and_pages_say_provisional(client, contract, region, clock):
    text = exports.region_csv(selectors.region_report(region=region, period=OCTOBER, on=DAY_FIVE))
    rows = {
        (row["indicateur"], row["periode"]): row["provisoire"]
        for row in csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=";")
    }
    assert (rows[DELAY, "2026-10"], rows[DELAY, "2025-10"], rows[SHARE, "2026-10"]) == ("oui", "non", "non")

    client.force_login(UserFactory(role=Role.ANALYST))
    page = client.get(reverse("reporting:national"), {"periode": "2026-10"}).text
    assert "provisoire, monte encore ; comparé à partir du 30 janv. 2027" in page.replace("\u00a0", " ")


@pytest.mark.parametrize(("code", "is_mapped"), [(DELAY, False), (SHARE, True)])
def test_map_of_what_is_not_ripe_says_from_when_and_never_that_nothing_is_known(
    client, contract, region, code, is_mapped
):
    client.force_login(UserFactory(role=Role.ANALYST))

    page = client.get(reverse("reporting:national"), {"periode": "2026-10", "indicateur": code}).text

    assert ("Pas encore de carte" in page) is not is_mapped
    assert ("samedi 30 janvier 2027" in page) is not is_mapped
    assert ("<svg" in page.partition("<h2>Où</h2>")[2].partition("<h2>")[0]) is is_mapped
