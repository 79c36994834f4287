from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.network.enums import ServiceLevel
from reporting.kpis import selectors
from reporting.kpis.enums import PeriodKind, RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.selectors.indicators import INDICATORS
from reporting.kpis.services import compute_indicators
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.reporting import SurveyFactory
from tests.factories.territories import (
    CommuneFactory,
    DepartmentFactory,
    EmployedPopulationFactory,
    RegionFactory,
)

KNOWN = datetime(2026, 11, 22, 3, 10, tzinfo=UTC)
OCTOBER = date(2026, 10, 1)
YEAR = date(2026, 1, 1)


def compute(known_at=KNOWN):
    return compute_indicators(known_at=known_at, now=KNOWN)


def stored(kpi, kind=PeriodKind.MONTH, starts_on=OCTOBER):
    return {
        (value.contract_id, value.region_id): (value.numerator, value.denominator)
        for value in KpiValue.objects.filter(kpi=kpi, period_kind=kind, period_starts_on=starts_on)
    }


def adviser_in(region_code, department, zone="Europe/Paris", **contract):
    region = RegionFactory(code=region_code, name=f"Région {region_code}", zone=zone)
    commune = CommuneFactory(
        code=f"{department}001"[:5],
        department=DepartmentFactory(code=department, region=region, zone=zone),
    )
    site = SiteFactory(
        contract=ContractFactory(lot__regions=[region], **contract),
        commune=commune,
        zone=zone,
    )
    return AdviserFactory(site=site)


@pytest.fixture
def bretagne(db):
    return adviser_in("53", "35")


def test_entries_count_once_a_pathway_and_keep_contracts_and_regions_apart(bretagne):
    normandie = adviser_in("28", "14")
    for adviser, count in ((bretagne, 2), (normandie, 1)):
        for _ in range(count):
            CounsellingSessionFactory(pathway__adviser=adviser)
    reopened = CounsellingSessionFactory(pathway__adviser=bretagne).pathway
    CounsellingSessionFactory(pathway=reopened, starts_at=datetime(2026, 11, 3, 9, tzinfo=UTC))

    compute()

    assert stored("entries") == {
        (bretagne.site.contract_id, "53"): (3, None),
        (normandie.site.contract_id, "28"): (1, None),
    }
    assert stored("entries", starts_on=date(2026, 11, 1)) == {
        (bretagne.site.contract_id, "53"): (0, None),
        (normandie.site.contract_id, "28"): (0, None),
    }


def test_entry_is_counted_once_its_session_is_known(bretagne):
    CounsellingSessionFactory(
        pathway__adviser=bretagne,
        starts_at=datetime(2026, 10, 5, 8, tzinfo=UTC),
        recorded_at=datetime(2026, 11, 3, 8, tzinfo=UTC),
    )
    scope = (bretagne.site.contract_id, "53")

    compute(known_at=datetime(2026, 11, 2, tzinfo=UTC))
    before = stored("entries")[scope]
    compute(known_at=datetime(2026, 11, 4, tzinfo=UTC))

    assert (before, stored("entries")[scope]) == ((0, None), (1, None))


def test_active_beneficiaries_of_a_year_are_not_the_sum_of_its_months(bretagne):
    pathway = PathwayFactory(adviser=bretagne)
    for month in (9, 10):
        for day in (5, 12):
            CounsellingSessionFactory(pathway=pathway, starts_at=datetime(2026, month, day, 8, tzinfo=UTC))
    scope = (bretagne.site.contract_id, "53")

    compute()

    assert stored("active_beneficiaries", starts_on=date(2026, 9, 1))[scope] == (1, None)
    assert stored("active_beneficiaries")[scope] == (1, None)
    assert stored("active_beneficiaries", PeriodKind.YEAR, YEAR)[scope] == (1, None)


@pytest.mark.parametrize("kind", [PeriodKind.MONTH, PeriodKind.YEAR])
def test_active_beneficiaries_are_those_of_their_own_aggregate(bretagne, kind):
    pathway = CounsellingSessionFactory(pathway__adviser=bretagne).pathway
    CounsellingSessionFactory(pathway=pathway, starts_at=datetime(2026, 10, 9, 8, tzinfo=UTC))
    CounsellingSessionFactory(pathway__adviser=bretagne)

    compute()

    (alone,) = INDICATORS["active_beneficiaries"](known_at=KNOWN, kind=kind)
    assert stored("active_beneficiaries", kind, alone.starts_on) == {
        (bretagne.site.contract_id, "53"): (alone.numerator, None)
    }


def test_month_of_a_session_is_its_local_month(db):
    """pass-emploi, post-mortem 20221004: the day before, by UTC."""
    reunion = adviser_in("04", "974", zone="Indian/Reunion")
    CounsellingSessionFactory(pathway__adviser=reunion, starts_at=datetime(2026, 9, 30, 21, tzinfo=UTC))

    compute()

    assert stored("active_beneficiaries")[reunion.site.contract_id, "04"] == (1, None)


def test_uptake_divides_by_people_in_work_of_the_latest_known_year(bretagne):
    EmployedPopulationFactory(region_id="53", year=2021, total=1_458_000)
    EmployedPopulationFactory(region_id="53", year=2020, total=1)
    CounsellingSessionFactory.create_batch(2, pathway__adviser=bretagne)

    compute()

    scope = (bretagne.site.contract_id, "53")
    assert stored("uptake_rate")[scope] == (2, 1_458_000)
    assert stored("uptake_rate", starts_on=date(2024, 2, 1))[scope] == (0, 1_458_000)


def test_level_two_share_counts_a_pathway_once_on_each_side(bretagne):
    both = PathwayFactory(adviser=bretagne)
    for level in (ServiceLevel.ONE, ServiceLevel.TWO, ServiceLevel.TWO):
        CounsellingSessionFactory(pathway=both, level=level)
    CounsellingSessionFactory(pathway__adviser=bretagne, level=ServiceLevel.ONE)

    compute()

    assert stored("level_two_share") == {(bretagne.site.contract_id, "53"): (1, 2)}


def test_first_appointment_delay_belongs_to_the_month_of_the_request(bretagne):
    request = ServiceRequestFactory(
        contract=bretagne.site.contract,
        commune=bretagne.site.commune,
        requested_at=datetime(2026, 10, 30, 23, 30, tzinfo=UTC),  # 31 October in Paris
    )
    ServiceRequestFactory(  # not received yet: not in the denominator
        contract=bretagne.site.contract, commune=bretagne.site.commune
    )
    pathway = PathwayFactory(adviser=bretagne, service_request=request)
    for day in (17, 10):
        starts_at = datetime(2026, 11, day, 9, tzinfo=UTC)
        CounsellingSessionFactory(
            pathway=pathway,
            starts_at=starts_at,
            appointment=AppointmentFactory(
                adviser=bretagne,
                service_request=request,
                beneficiary=pathway.beneficiary,
                starts_at=starts_at,
                state=AppointmentState.ATTENDED,
            ),
        )

    compute()

    assert stored("first_appointment_days") == {(bretagne.site.contract_id, "53"): (10, 1)}


def test_no_show_rate_counts_due_appointments_in_local_time(db):
    """pass-emploi, post-mortem 20221004: the day before, by UTC."""
    reunion = adviser_in("04", "974", zone="Indian/Reunion")
    last_of_september = datetime(2026, 9, 30, 20, 30, tzinfo=UTC)  # 1 October there
    outcomes = (
        AppointmentState.NO_SHOW,
        AppointmentState.ATTENDED,
        AppointmentState.ATTENDED,
        AppointmentState.BOOKED,
    )
    for rank, state in enumerate(outcomes):
        AppointmentFactory(
            adviser=reunion,
            state=state,
            starts_at=last_of_september + timedelta(days=rank),
        )
    AppointmentFactory(
        adviser=reunion,
        state=AppointmentState.CANCELLED,
        cancelled_at=last_of_september,
        cancelled_by=CancelledBy.PERSON,
        starts_at=last_of_september + timedelta(days=9),
    )

    compute()

    assert stored("no_show_rate") == {(reunion.site.contract_id, "04"): (1, 3)}


def test_satisfaction_pools_answers_and_leaves_unanswered_out(bretagne):
    pathway = PathwayFactory(adviser=bretagne)
    for rank, score in enumerate((4, 3, 2, None)):
        answered = datetime(2026, 10, 21 + rank, 9, tzinfo=UTC)
        SurveyFactory(
            pathway=pathway,
            sent_at=datetime(2026, 10, 20, 8, rank, tzinfo=UTC),
            answered_at=answered if score else None,
            answered_on=answered.date() if score else None,
            satisfaction=score,
        )

    compute()

    assert stored("satisfaction_rate") == {(bretagne.site.contract_id, "53"): (2, 3)}


def test_second_computation_gives_the_same_values_and_removes_what_vanished(bretagne):
    CounsellingSessionFactory.create_batch(3, pathway__adviser=bretagne)
    compute()
    first = set(KpiValue.objects.values_list("kpi", "period_starts_on", "numerator", "denominator"))
    vanished = KpiValue.objects.get(kpi="level_two_share", period_kind="MONTH", period_starts_on=OCTOBER)
    KpiValue.objects.filter(pk=vanished.pk).update(period_starts_on=date(2024, 3, 1))

    second_run = compute()

    second = set(KpiValue.objects.values_list("kpi", "period_starts_on", "numerator", "denominator"))
    assert second == first
    assert set(KpiValue.objects.values_list("run", flat=True)) == {second_run.pk}
    assert second_run.state == RunState.DONE


def test_failed_computation_is_kept_and_leaves_the_values_alone(bretagne):
    compute()
    count = KpiValue.objects.count()

    with pytest.raises(OverflowError):
        compute_indicators(known_at=datetime.max.replace(tzinfo=UTC), now=KNOWN)

    assert KpiValue.objects.count() == count
    assert KpiRun.objects.order_by("-pk").first().state == RunState.FAILED


@pytest.mark.parametrize("regions", [1, 4])
def test_number_of_aggregates_does_not_depend_on_lots(db, django_assert_num_queries, regions):
    for rank in range(regions):
        adviser = adviser_in(f"{rank + 50}", f"{rank + 20}")
        CounsellingSessionFactory.create_batch(2, pathway__adviser=adviser)

    # 6 by month, the windows, contracts, people in work, and whether a fact has changed since
    with django_assert_num_queries(10):
        rows = selectors.counts_known_at(known_at=KNOWN)

    entered = [row for row in rows if row[:3] == ("entries", PeriodKind.MONTH, OCTOBER)]
    assert [row.numerator for row in entered] == [2] * regions


def test_national_rate_sums_counts_and_takes_a_stock_once_a_region(bretagne):
    EmployedPopulationFactory(region_id="53", total=1_000_000)
    EmployedPopulationFactory(region=RegionFactory(code="28", name="Normandie"), total=500_000)
    second = AdviserFactory(
        site__contract=ContractFactory(lot__regions=[bretagne.site.commune.department.region]),
        site__commune=bretagne.site.commune,
    )
    for adviser in (bretagne, second, adviser_in("28", "14")):
        CounsellingSessionFactory.create_batch(10, pathway__adviser=adviser)
    run = compute()

    october = selectors.Period(PeriodKind.MONTH, OCTOBER)
    figures = selectors.national_figures(run=run, periods=[october])

    uptake = figures.cell("uptake_rate", selectors.FRANCE, october)
    assert (uptake.numerator, uptake.denominator) == (30, 1_500_000)
    assert uptake.value == Decimal(2)


@pytest.mark.parametrize(
    "kpi", [definition.code for definition in DEFINITIONS.values() if definition.months_add_up]
)
def test_a_year_that_adds_up_is_what_one_aggregate_by_year_gives(bretagne, kpi):
    EmployedPopulationFactory(region_id="53")
    for month in (3, 4, 9):
        request = ServiceRequestFactory(
            contract=bretagne.site.contract,
            commune=bretagne.site.commune,
            requested_at=datetime(2026, month, 1, 8, tzinfo=UTC),
        )
        pathway = PathwayFactory(adviser=bretagne, service_request=request, entered_on=date(2026, month, 5))
        starts_at = datetime(2026, month, 5, 8, tzinfo=UTC)
        attended = AppointmentFactory(
            adviser=bretagne,
            service_request=request,
            starts_at=starts_at,
            state=AppointmentState.ATTENDED,
        )
        CounsellingSessionFactory(pathway=pathway, starts_at=starts_at, appointment=attended)
        SurveyFactory(
            pathway=pathway,
            sent_at=starts_at,
            answered_at=starts_at,
            answered_on=starts_at.date(),
            satisfaction=4,
        )

    compute()

    (by_year,) = INDICATORS[kpi](known_at=KNOWN, kind=PeriodKind.YEAR)
    assert by_year.denominator or by_year.numerator
    assert stored(kpi, PeriodKind.YEAR, YEAR) == {
        (bretagne.site.contract_id, "53"): (by_year.numerator, by_year.denominator)
    }
