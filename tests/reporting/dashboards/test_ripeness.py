"""Nothing is compared, ranked, drawn nor judged before the lag of its definition is over (ADR 0066)."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from reporting.dashboards import exports, selectors
from reporting.dashboards.presenters import drawings
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiRun
from reporting.kpis.rules.definitions import DEFINITIONS, FIRST_APPOINTMENT_DAYS, LEVEL_TWO_SHARE
from reporting.kpis.rules.periods import month_of, to_date, year_of
from reporting.kpis.rules.readers import Reader
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
STEERING, PARTY, OUTSIDE = Reader.STEERING, Reader.PARTY, Reader.OUTSIDE
DELAY, SHARE = FIRST_APPOINTMENT_DAYS.code, LEVEL_TWO_SHARE.code


@pytest.fixture
def region():
    return RegionFactory()


@pytest.fixture
def contract(region):
    """A contract that misses its ten days in October, this year and the last."""
    contract = ContractFactory(lot__regions=[region])
    CommitmentVersionFactory(commitment__contract=contract)
    run = KpiRunFactory(known_at=datetime(2027, 1, 30, 2, 10, tzinfo=UTC))
    for year in (2025, 2026):
        for code, numerator, denominator in ((DELAY, 1_280, 200), (SHARE, 70, 200)):
            KpiValueFactory(
                kpi=code,
                contract=contract,
                region=region,
                period_starts_on=date(year, 10, 1),
                numerator=numerator + 2 * (year - 2025),
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
    report = selectors.region_report(region=region, period=OCTOBER, on=on, reader=STEERING)

    delay, share = report.figures[DELAY], report.figures[SHARE]
    assert (delay.text, delay.is_rising, delay.evolution) == ("6,4\u00a0j", True, "")
    assert (share.is_rising, share.evolution) == (False, "+1,0\u00a0point")
    assert report.france[DELAY].is_rising


def test_ripe_figure_is_compared(contract, region):
    delay = selectors.region_report(region=region, period=OCTOBER, on=RIPE, reader=STEERING).figures[DELAY]

    assert (delay.is_rising, delay.evolution) == (False, "0,0\u00a0j")


@pytest.mark.parametrize(("on", "kept"), [*((day, None) for day in UNRIPE_DAYS), (RIPE, True)])
def test_commitment_is_said_kept_or_not_once_ripe_only(contract, on, kept):
    report = selectors.contract_report(contract=contract, period=OCTOBER, on=on, reader=PARTY)

    assert selectors.targets(contract=contract, report=report)[DELAY].kept is kept


def test_running_month_keeps_no_commitment_whatever_its_lag(contract):
    CommitmentVersionFactory(
        commitment__contract=contract, commitment__number=2, indicator=SHARE, comparison="AT_LEAST", target=30
    )
    running = selectors.contract_report(
        contract=contract, period=OCTOBER, on=date(2026, 10, 31), reader=PARTY
    )
    over = selectors.contract_report(contract=contract, period=OCTOBER, on=DAY_ONE, reader=PARTY)

    kept = [selectors.targets(contract=contract, report=report)[SHARE].kept for report in (running, over)]
    assert kept == [None, True]


@pytest.mark.parametrize(("on", "drawn"), [*((day, False) for day in UNRIPE_DAYS), (RIPE, True)])
def test_unripe_figure_is_not_drawn_on_the_lines(contract, region, on, drawn):
    report = selectors.region_report(region=region, period=OCTOBER, on=on, reader=STEERING)

    (cell,) = (
        cell for month, cell in zip(report.months, report.series[DELAY], strict=True) if month == OCTOBER
    )
    assert cell.unripe is not drawn


@pytest.mark.parametrize(("on", "ranked"), [(EVE, False), (RIPE, True)])
def test_rank_waits_for_the_lag_too(contract, on, ranked):
    """The twelve months to October count once October is ripe; those to September are not stored here."""
    lots = [contract, *(ContractFactory() for _ in range(5))]
    for number, lot in enumerate(lots):
        KpiValueFactory(
            kpi=DELAY,
            contract=lot,
            run=KpiRun.objects.first(),
            period_kind=PeriodKind.ROLLING,
            period_starts_on=date(2025, 11, 1),
            numerator=900 + number,
            denominator=100,
        )

    _, lines = selectors.lot_report(contract=contract, period=OCTOBER, on=on, reader=PARTY)

    assert {line.figure.definition.code for line in lines if line.standing} == ({DELAY} if ranked else set())


def test_csv_and_pages_say_provisional(client, contract, region, clock):
    text = exports.region_csv(
        selectors.region_report(region=region, period=OCTOBER, on=DAY_FIVE, reader=STEERING)
    )
    rows = {
        (row["indicateur"], row["periode"]): row["provisoire"]
        for row in csv.DictReader(StringIO(text.lstrip("\ufeff")), delimiter=";")
    }
    assert (rows[DELAY, "2026-10"], rows[DELAY, "2025-10"], rows[SHARE, "2026-10"]) == ("oui", "non", "non")

    client.force_login(UserFactory(role=Role.ANALYST))
    page = client.get(reverse("reporting:national"), {"periode": "2026-10"}).text
    assert "provisoire, monte encore ; comparé à partir du 30 janv. 2027" in page.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("code", "said", "value"),
    [(DELAY, "12 mois jusqu’à juillet 2026", "9,0"), (SHARE, "12 mois jusqu’à octobre 2026", "35,0")],
)
def test_map_of_a_rate_is_of_the_last_twelve_ripe_months(client, contract, region, code, said, value):
    for starts_on, numerator in ((date(2025, 8, 1), 1_800), (date(2025, 11, 1), 70)):
        KpiValueFactory(
            kpi=code,
            contract=contract,
            region=region,
            period_kind=PeriodKind.ROLLING,
            period_starts_on=starts_on,
            numerator=numerator,
            denominator=200,
        )
    client.force_login(UserFactory(role=Role.ANALYST))

    page = client.get(reverse("reporting:national"), {"periode": "2026-10", "indicateur": code})

    drawing = page.context["map"]
    assert (drawing.title.endswith(said), value in dict(drawing.table.rows)[region.name]) == (True, True)


def test_map_hatches_what_is_too_small_to_compare(contract, region):
    KpiValueFactory(
        kpi=SHARE,
        contract=contract,
        region=region,
        period_kind=PeriodKind.ROLLING,
        period_starts_on=date(2025, 11, 1),
        numerator=10,
        denominator=29,
    )

    report = selectors.national_report(period=OCTOBER, on=DAY_FIVE, reader=STEERING, chosen=LEVEL_TWO_SHARE)

    drawing = drawings.regions_map(report, LEVEL_TWO_SHARE, {})
    assert dict(drawing.table.rows)[region.name] == "n.\u00a0s."


def test_count_of_a_running_month_has_no_map(client, contract):
    client.force_login(UserFactory(role=Role.ANALYST))

    page = client.get(reverse("reporting:national"), {"periode": "2026-11", "indicateur": "entries"})

    assert "Un mois en cours ne se lit que pour la France" in page.text


def test_a_month_that_no_night_has_computed_whole_is_neither_over_nor_ripe(contract, region):
    """On 1 November at one o'clock the figures are those of the night before."""
    KpiRun.objects.update(known_at=datetime(2026, 10, 31, 2, 10, tzinfo=UTC))

    reports = [
        selectors.region_report(region=region, period=period, on=DAY_TWENTY, reader=STEERING)
        for period in (None, OCTOBER, to_date(2026, on=DAY_TWENTY))
    ]

    assert [report.period.label for report in reports] == [
        *("septembre 2026", "octobre 2026", "janvier à septembre 2026")
    ]
    assert reports[1].is_provisional
    assert reports[1].figures[SHARE].text == "en cours"
    assert reports[1].months[-1].code == "2026-09"
