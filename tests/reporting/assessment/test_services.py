from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from procurement.commitments.enums import Comparison
from procurement.contracts.hooks import ReadContract
from procurement.followup.models import Penalty
from procurement.tender.reference import RULE_SETS
from reporting.assessment import selectors, services
from reporting.assessment.errors import MonthNotComputed
from reporting.assessment.models import AssessmentRun
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory
from tests.factories.territories import RegionFactory

PARAMS = {facts.code: facts.params for facts in RULE_SETS}["DEMO-MARCHE-2"]
OCTOBER = date(2026, 10, 1)
JULY = date(2026, 7, 1)  # on 1 November, the latest month whose delay is ripe
NOW = datetime(2026, 11, 1, 3, 10, tzinfo=UTC)
KNOWN_AT = datetime(2026, 11, 1, 2, 10, tzinfo=UTC)


@pytest.fixture
def run(db):
    return KpiRunFactory(known_at=KNOWN_AT)


@pytest.fixture
def contract(db):
    return ContractFactory(lot__market__rule_set__params=PARAMS)


@pytest.fixture
def promise(contract, run):
    """A commitment of at most ten days to the first appointment, and what was measured."""

    def make(numerator, denominator=100, *, contract=contract, **fields):
        version = CommitmentVersionFactory(commitment__contract=contract, first_month=JULY, last_month=JULY)
        measure("first_appointment_days", numerator, denominator, contract, **fields)
        return version

    def measure(kpi, numerator, denominator, contract, **fields):
        KpiValueFactory(
            kpi=kpi,
            contract=contract,
            numerator=numerator,
            denominator=denominator,
            run=run,
            **{"period_starts_on": JULY, **fields},
        )

    make.measure = measure
    return make


def assess():
    started = services.start_assessment(by=None, now=NOW)
    return services.run_assessment(run_id=started.pk, now=NOW).counts


def test_missed_commitment_is_proposed_with_its_counts(promise):
    version = promise(1240)

    assert assess() == {"proposed": 1}
    penalty = Penalty.objects.get()
    assert (penalty.version, penalty.month) == (version, JULY)
    assert (penalty.measured, penalty.numerator, penalty.denominator) == (
        Decimal("12.4000"),
        1240,
        100,
    )
    assert penalty.computed_amount_excl_tax == Decimal("1200.00")


def test_regions_of_a_contract_are_summed_before_the_rate(promise, contract, run):
    promise(900, 90)
    promise.measure("first_appointment_days", 340, 10, contract, region=RegionFactory(grand_est=True))

    assess()

    assert Penalty.objects.get().measured == Decimal("12.4000")  # 1,240 days for 100 people


def test_count_is_compared_without_denominator(contract, run):
    CommitmentVersionFactory(
        commitment__contract=contract,
        indicator="entries",
        comparison=Comparison.AT_LEAST,
        target=Decimal(42),
    )
    KpiValueFactory(contract=contract, numerator=40, run=run)

    assert assess() == {"proposed": 1}
    assert Penalty.objects.get().denominator is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "fields", "result"),
    [
        (1000, 100, {}, "met"),
        (0, 0, {}, "not_applicable"),
        (580, 29, {}, "not_significant"),
        (1240, 100, {"period_starts_on": date(2026, 6, 1)}, "not_applicable"),
    ],
)
def test_no_penalty_without_a_significant_miss(promise, numerator, denominator, fields, result):
    promise(numerator, denominator, **fields)

    assert assess() == {result: 1}
    assert Penalty.objects.count() == 0


def test_one_refused_commitment_does_not_stop_the_others(promise, contract):
    CommitmentVersionFactory(
        commitment__contract=contract, penalty_clause="other", indicator="first_appointment_days"
    )
    promise(1240)

    assert assess() == {"refused": 1, "proposed": 1}


def test_versions_of_other_months_and_contracts_over_are_left_out(run, contract):
    CommitmentVersionFactory(commitment__contract=contract, first_month=date(2026, 8, 1))
    CommitmentVersionFactory(commitment__contract=contract, last_month=date(2026, 6, 1))
    CommitmentVersionFactory(
        commitment__contract__ends_on=date(2026, 6, 30),
        commitment__contract__lot__market__rule_set__params=PARAMS,
    )

    assert assess() == {}


def test_second_run_proposes_nothing_more(promise):
    promise(1240)

    first, second = assess(), assess()

    assert first == second == {"proposed": 1}
    assert Penalty.objects.count() == 1


def test_run_tells_what_it_did(promise):
    promise(1240)

    started = services.start_assessment(by=None, now=NOW)
    done = services.run_assessment(run_id=started.pk, now=NOW)
    again = services.run_assessment(run_id=started.pk, now=NOW)

    assert (done.month, done.state, done.finished_at) == (OCTOBER, "DONE", NOW)
    assert again.counts == done.counts
    assert list(
        AuditEvent.objects.filter(action__startswith="reporting.")
        .values_list("action", flat=True)
        .order_by("pk")
    ) == ["reporting.assessment.started", "reporting.assessment.done"]


@pytest.mark.parametrize("known_at", [None, datetime(2026, 10, 31, 22, 59, tzinfo=UTC)])
def test_month_is_not_assessed_before_its_figures_are_whole(db, known_at):
    """RDV-I 1727, 2557, PR 1648, 1851, 2487: negative delays, running month always bad."""
    if known_at:
        KpiRunFactory(known_at=known_at)

    with pytest.raises(MonthNotComputed):
        services.start_assessment(by=None, now=NOW)

    assert AssessmentRun.objects.count() == 0


@pytest.mark.parametrize("count", [1, 4])
def test_met_commitments_cost_no_query_each(promise, count, django_assert_num_queries):
    for _ in range(count):
        promise(900, contract=ContractFactory(lot__market__rule_set__params=PARAMS))
    started = services.start_assessment(by=None, now=NOW)

    with django_assert_num_queries(6):  # run, figures, versions of either month, run saved, audit line
        done = services.run_assessment(run_id=started.pk, now=NOW)

    assert done.counts == {"met": count}


def panel_cells(contract, user):
    panel = selectors.commitment_part(ReadContract(contract, user, date(2026, 11, 3)))
    assert panel["months"][-1] == OCTOBER
    return [row.cells for row in panel["rows"]]


def test_panel_sets_measures_beside_commitments(promise, contract):
    promise(1240)

    (cells,) = panel_cells(contract, UserFactory(role=Role.CONTRACT_MANAGER))

    assert [cell.state for cell in cells] == ["", "", "missed", "", "", ""]


@pytest.mark.parametrize(
    ("role", "state", "text"),
    [
        (Role.ANALYST, "met", "9,0"),
        (Role.CONTRACT_MANAGER, "met", "9,0"),
        (Role.DECIDER, "met", "9,0"),
        (Role.OPERATOR_MANAGER, "met", "9,0"),
        (Role.BUYER, "unjudged", "9"),
    ],
)
def test_parties_of_a_contract_read_its_exact_figures(promise, contract, role, state, text):
    """No badge stands beside a figure that is not the one judged."""
    promise(900)
    more = {"role__organisation": contract.holder} if role == Role.OPERATOR_MANAGER else {}

    shown = panel_cells(contract, UserFactory(role=role, **more))[0][2]

    assert (shown.state, shown.text) == (state, f"{text}\u00a0j")


def test_few_dissatisfied_exempt_nobody(promise, contract):
    """A lot of few dissatisfied was masked, so never judged (figures.md, C4)."""
    CommitmentVersionFactory(
        commitment__contract=contract, indicator="satisfaction_rate", comparison="AT_LEAST", target=99
    )
    promise.measure("satisfaction_rate", 97, 100, contract, period_starts_on=OCTOBER)

    assert assess() == {"proposed": 1}


@pytest.mark.parametrize(("days", "result"), [(10_049, "met"), (10_050, "proposed")])
def test_judged_on_the_figure_as_it_is_printed(promise, days, result):
    """10,049 days read « 10,0 j »: at most ten is kept."""
    promise(days, 1_000)

    assert assess() == {result: 1}
    assert [penalty.measured for penalty in Penalty.objects.all()] == [Decimal("10.1")] * (result != "met")


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2026, 11, 1), {"first_appointment_days": JULY, "no_show_rate": OCTOBER}),
        (date(2026, 11, 5), {"first_appointment_days": JULY, "no_show_rate": OCTOBER}),
        (date(2026, 11, 29), {"first_appointment_days": JULY, "no_show_rate": OCTOBER}),
        (date(2026, 11, 30), {"first_appointment_days": date(2026, 8, 1), "no_show_rate": OCTOBER}),
    ],
)
def test_each_indicator_is_judged_on_its_latest_ripe_month(on, months):
    judged = selectors.months_judged(on=on)

    assert {code: judged[code] for code in months} == months


@pytest.mark.parametrize("day", [1, 5, 20])
def test_delay_of_the_month_before_proposes_nothing_whatever_it_says(promise, contract, day):
    """Judged a month before it means anything: 6,4 days on 1 November, 9,1 at its end."""
    CommitmentVersionFactory(commitment__contract=contract, first_month=OCTOBER)
    promise.measure("first_appointment_days", 9900, 100, contract, period_starts_on=OCTOBER)
    now = NOW.replace(day=day)

    started = services.start_assessment(by=None, now=now)
    assert services.run_assessment(run_id=started.pk, now=now).counts == {}
    assert Penalty.objects.count() == 0


def test_failure_of_one_commitment_stops_no_other(promise, contract, caplog):
    """Whatever the exception: here a clause whose bands are words."""
    broken = deepcopy(PARAMS)
    for band in broken["missed_target"]["bands"]:
        band["points"] = "deux"
    promise(1240, contract=ContractFactory(lot__market__rule_set__params=broken))
    promise(1240)

    with caplog.at_level("ERROR", logger="reporting.assessment.services"):
        assert assess() == {"failed": 1, "proposed": 1}
    assert "could not be assessed" in caplog.text


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATOR_MANAGER, Role.BENEFICIARY])
def test_panel_is_for_who_may_read_commitments(contract, role):
    user = UserFactory(role=role)

    assert selectors.commitment_part(ReadContract(contract, user, OCTOBER)) is None


@pytest.mark.parametrize("count", [1, 4])
def test_panel_query_count_is_constant(promise, contract, count, django_assert_num_queries):
    for month in range(count):
        promise(900, period_starts_on=date(2026, 7 - month, 1))
    user = UserFactory(role=Role.CONTRACT_MANAGER)

    with django_assert_num_queries(2):
        panel_cells(contract, user)


def test_who_is_no_party_reads_nothing_of_a_handful(promise, contract):
    promise(40, 4)

    (cells,) = panel_cells(contract, UserFactory(role=Role.BUYER))
    assert (cells[2].state, cells[2].text) == ("unjudged", "n.\u00a0s.")
