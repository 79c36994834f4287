from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cep_portal.accounts.enums import Role
from procurement.commitments.enums import Comparison
from procurement.contracts.hooks import ReadContract
from procurement.followup.errors import FigureCorrected
from procurement.followup.models import Penalty
from procurement.followup.services import decide_penalty
from procurement.tender.reference import RULE_SETS
from reporting.assessment import selectors, services
from reporting.assessment.models import CommitmentResult
from reporting.closings.models import Closing, FrozenValue
from reporting.closings.rules import judged
from reporting.kpis.rules.definitions import DEFINITIONS
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.closings import ClosingFactory, FrozenValueFactory, RestatementFactory, freeze
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory, PenaltyFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory

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
    """A commitment of at most ten days to the first appointment, and what was frozen with October."""

    def make(numerator, denominator=100, *, contract=contract, **fields):
        version = CommitmentVersionFactory(commitment__contract=contract, first_month=JULY, last_month=JULY)
        measure("first_appointment_days", numerator, denominator, contract, **fields)
        return version

    def measure(kpi, numerator, denominator, contract, **fields):
        month = fields.get("period_starts_on", JULY if kpi == "first_appointment_days" else OCTOBER)
        outcome = judged(DEFINITIONS[kpi], numerator, denominator)
        FrozenValue.objects.get_or_create(
            closing=october_of(contract),
            kpi=kpi,
            defaults={
                "definition_version": 1,
                "month": month,
                "numerator": numerator,
                "denominator": denominator,
                "value": outcome.value,
                "status": outcome.status,
                "sha256": "f" * 64,
            },
        )
        KpiValueFactory(
            kpi=kpi,
            contract=contract,
            numerator=numerator,
            denominator=denominator,
            run=run,
            **{"period_starts_on": month, **fields},
        )

    make.measure = measure
    return make


def october_of(contract):
    return Closing.objects.filter(contract=contract).first() or ClosingFactory(
        contract=contract, month=OCTOBER
    )


def assess():
    """How many commitments came to each result, of the closings that wait."""
    results = [
        result
        for closing in Closing.objects.order_by("pk")
        for result in services.assess_closing(closing=closing, now=NOW)
    ]
    return dict(Counter(result.outcome for result in results))


def test_missed_commitment_is_proposed_with_its_counts(promise):
    version = promise(1240)

    assert assess() == {"MISSED": 1}
    penalty = Penalty.objects.get()
    assert (penalty.version, penalty.month) == (version, JULY)
    assert (penalty.measured, penalty.numerator, penalty.denominator) == (
        Decimal("12.4000"),
        1240,
        100,
    )
    assert penalty.computed_amount_excl_tax == Decimal("1200.00")


def test_penalty_names_the_figure_that_it_is_made_of(promise, contract):
    promise(1240)

    assess()

    value, penalty = FrozenValue.objects.get(), Penalty.objects.get()
    assert (penalty.figure_ref, penalty.figure_sha256, penalty.definition_ref) == (
        value.uuid,
        value.sha256,
        "first_appointment_days v1",
    )
    result = CommitmentResult.objects.get()
    assert (result.value, result.penalty, result.reason) == (
        value,
        penalty,
        "Chiffre arrêté, juillet 2026 : pénalité proposée.",
    )


def test_count_is_compared_without_denominator(contract, promise):
    CommitmentVersionFactory(
        commitment__contract=contract,
        indicator="entries",
        comparison=Comparison.AT_LEAST,
        target=Decimal(42),
    )
    promise.measure("entries", 40, None, contract)

    assert assess() == {"MISSED": 1}
    assert Penalty.objects.get().denominator is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "result"),
    [(1000, 100, "MET"), (0, 0, "NOT_APPLICABLE"), (580, 29, "NOT_SIGNIFICANT")],
)
def test_no_penalty_without_a_significant_miss(promise, numerator, denominator, result):
    promise(numerator, denominator)

    assert assess() == {result: 1}
    assert Penalty.objects.count() == 0


def test_commitment_on_what_was_not_frozen_has_its_result_too(contract):
    CommitmentVersionFactory(commitment__contract=contract, first_month=OCTOBER)
    october_of(contract)

    assert assess() == {"NOT_APPLICABLE": 1}
    assert CommitmentResult.objects.get().reason == "Rien n’a été compté ce mois-là : sans objet."


def test_one_refused_commitment_does_not_stop_the_others(promise, contract):
    CommitmentVersionFactory(
        commitment__contract=contract, penalty_clause="other", indicator="first_appointment_days"
    )
    promise(1240)

    assert assess() == {"REFUSED": 1, "MISSED": 1}


def test_versions_of_other_months_and_other_contracts_are_left_out(promise, contract):
    promise.measure("first_appointment_days", 1240, 100, contract)
    CommitmentVersionFactory(commitment__contract=contract, first_month=date(2026, 8, 1))
    CommitmentVersionFactory(commitment__contract=contract, last_month=date(2026, 6, 1))
    CommitmentVersionFactory(commitment__contract__lot__market__rule_set__params=PARAMS)

    assert assess() == {}


def test_second_assessment_says_nothing_more(promise):
    promise(1240)

    assert (assess(), assess()) == ({"MISSED": 1}, {})
    assert Penalty.objects.count() == 1


def test_reopened_month_is_judged_again_and_proposes_nothing_twice(promise, contract):
    promise(1240)
    assess()
    first = october_of(contract)
    freeze(first, MandateFactory(role=Role.ANALYST))
    second = ClosingFactory(contract=contract, month=OCTOBER, number=2, supersedes=first)
    FrozenValueFactory(
        closing=second, kpi="first_appointment_days", month=JULY, numerator=1300, denominator=100, value=13
    )

    assert [result.outcome for result in services.assess_closing(closing=second, now=NOW)] == ["MISSED"]
    assert [penalty.numerator for penalty in Penalty.objects.all()] == [1240]


@pytest.mark.parametrize("count", [1, 4])
def test_met_commitments_cost_no_query_each(promise, contract, count, django_assert_num_queries):
    promise(900)
    for _ in range(count - 1):
        CommitmentVersionFactory(commitment__contract=contract, first_month=JULY, last_month=JULY)

    # Closings, values, versions of either month, results, audit line; a savepoint each, and one for all.
    with django_assert_num_queries(8 + 2 * count):
        assess()


def test_corrected_figure_stops_the_decision_until_a_sentence_is_written(promise, contract):
    version = promise(1240)
    assess()
    value = FrozenValue.objects.get()
    penalty = PenaltyFactory(
        version=version,
        month=date(2026, 6, 1),
        state="SILENT",
        figure_ref=value.uuid,
        figure_sha256=value.sha256,
        definition_ref="first_appointment_days v1",
        notified_at=NOW,
        notified_under=MandateFactory(role=Role.CONTRACT_MANAGER),
        observations_due_on=date(2026, 11, 16),
    )
    decision = {
        "penalty": penalty,
        "outcome": "APPLIED",
        "amount_excl_tax": None,
        "reasons": "Le délai est manqué.",
        "by": UserFactory(role=Role.DECIDER),
        "now": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }
    RestatementFactory(frozen=value, numerator=1180, denominator=100, value="11.8")

    with pytest.raises(FigureCorrected, match=r"12,4.*11,8"):
        decide_penalty(**decision)
    decided = decide_penalty(**decision, corrected_words=" L’écart reste le même. ")

    assert (decided.state, decided.corrected_words) == ("APPLIED", "L’écart reste le même.")


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

    assert assess() == {"MISSED": 1}


@pytest.mark.parametrize(("days", "result"), [(10_049, "MET"), (10_050, "MISSED")])
def test_judged_on_the_figure_as_it_is_printed(promise, days, result):
    """10,049 days read « 10,0 j »: at most ten is kept."""
    promise(days, 1_000)

    assert assess() == {result: 1}
    assert [penalty.measured for penalty in Penalty.objects.all()] == [Decimal("10.1")] * (result != "MET")


def test_failure_of_one_commitment_stops_no_other(promise, contract, caplog):
    """Whatever the exception: here a clause whose bands are words."""
    broken = deepcopy(PARAMS)
    for band in broken["missed_target"]["bands"]:
        band["points"] = "deux"
    promise(1240, contract=ContractFactory(lot__market__rule_set__params=broken))
    promise(1240)

    with caplog.at_level("ERROR", logger="reporting.assessment.services"):
        assert assess() == {"FAILED": 1, "MISSED": 1}
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
