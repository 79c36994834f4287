from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from procurement.followup import services
from procurement.followup.enums import PENALTY_TRANSITIONS, PenaltyState
from procurement.followup.errors import (
    DecidedAmountRefused,
    MandateNotEntitled,
    NotApplicable,
    NotSignificant,
    ObservationsEmpty,
    ObservationsTooLate,
    PenaltyClauseUnknown,
    PenaltyNotYours,
    PenaltyStateRefused,
    ReasonsMissing,
    SameHands,
)
from procurement.followup.models import Penalty
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.procurement import CommitmentVersionFactory
from tests.factories.territories import DepartmentFactory, PublicHolidayFactory
from tests.messages import compose_all, composed
from tests.procurement.followup.conftest import AFTER, DUE_ON, NOW

OCTOBER = date(2026, 10, 1)
PROPOSED_AT = datetime(2026, 11, 1, 3, 10, tzinfo=UTC)


def propose(version, *, month=OCTOBER, measured="12.40", denominator=100):
    return services.propose_penalty(
        version=version,
        month=month,
        measured=Decimal(measured),
        numerator=1240,
        denominator=denominator,
        now=PROPOSED_AT,
    )


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))


def test_proposal_holds_facts_amount_and_trace(version):
    penalty = propose(version)

    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.PROPOSED
    assert penalty.computed_amount_excl_tax == Decimal("1200.00")
    assert penalty.measured == Decimal("12.4000")
    assert (penalty.numerator, penalty.denominator) == (1240, 100)
    assert penalty.trace[-1]["formula"] == "3 × 400,00\xa0€"
    assert actions() == [("procurement.penalty.proposed", None)]


def test_a_count_has_no_denominator(version):
    penalty = propose(version, denominator=None)

    assert penalty.denominator is None


def test_met_commitment_gives_nothing(version):
    assert propose(version, measured="10.00") is None
    assert Penalty.objects.count() == 0


def test_proposal_is_made_once_and_keeps_its_facts(version):
    first = propose(version)
    second = propose(version, measured="19.00")

    assert second == first
    assert second.measured == Decimal("12.4000")
    assert Penalty.objects.count() == 1
    assert actions() == [("procurement.penalty.proposed", None)]


@pytest.mark.parametrize(("denominator", "refusal"), [(0, NotApplicable), (29, NotSignificant)])
def test_too_few_counted_gives_no_penalty(version, denominator, refusal):
    with pytest.raises(refusal):
        propose(version, denominator=denominator)


def test_the_smallest_sample_is_enough(version):
    assert propose(version, denominator=30) is not None


def test_unknown_clause_is_refused(contract):
    version = CommitmentVersionFactory(commitment__contract=contract, penalty_clause="other")

    with pytest.raises(PenaltyClauseUnknown):
        propose(version)


@pytest.mark.parametrize(
    ("before", "amount"),
    [
        (PenaltyState.PROPOSED, "2400.00"),
        (PenaltyState.APPLIED, "2400.00"),
        (PenaltyState.WAIVED, "1200.00"),
        (PenaltyState.DROPPED, "1200.00"),
        (None, "1200.00"),
    ],
)
def test_failure_of_the_month_before_doubles_the_points(version, penalty_in, before, amount):
    if before:
        penalty_in(before, version=version, month=date(2026, 9, 1))

    assert propose(version).computed_amount_excl_tax == Decimal(amount)


def test_failure_under_the_former_version_is_a_repeat(contract, penalty_in):
    old = CommitmentVersionFactory(commitment__contract=contract, last_month=date(2026, 9, 1))
    penalty_in(PenaltyState.PROPOSED, version=old, month=date(2026, 9, 1))
    new = CommitmentVersionFactory(commitment=old.commitment, version=2, first_month=OCTOBER)

    assert propose(new).computed_amount_excl_tax == Decimal("2400.00")


def test_repeat_of_a_month_waived_since_no_longer_counts(contract, penalty_in, decider):
    """Read at decision time: notified at the double, decided at the single."""
    version = CommitmentVersionFactory(commitment__contract=contract)
    before = penalty_in(PenaltyState.SILENT, version=version, month=date(2026, 9, 1))
    penalty = penalty_in(
        PenaltyState.SILENT,
        version=version,
        measured=Decimal("12.4"),
        computed_amount_excl_tax=Decimal("2400.00"),
    )
    decision = {"reasons": "Motifs.", "by": decider, "now": AFTER}
    assert services.decided_amount(penalty=penalty, outcome="APPLIED", amount_excl_tax=None) == Decimal(
        "2400.00"
    )
    services.decide_penalty(penalty=before, outcome="WAIVED", amount_excl_tax=None, **decision)

    for outcome, amount in (("APPLIED", None), ("REDUCED", Decimal("1200.01"))):
        with pytest.raises(DecidedAmountRefused, match=r"1\D200"):
            services.decide_penalty(penalty=penalty, outcome=outcome, amount_excl_tax=amount, **decision)
    decided = services.decide_penalty(
        penalty=penalty, outcome="REDUCED", amount_excl_tax=Decimal(1200), **decision
    )

    assert decided.decided_amount_excl_tax == Decimal("1200.00")


def test_notification_opens_the_hearing(penalty_in, instructor, manager):
    UserFactory(role=Role.OPERATOR_MANAGER)  # of another holder
    penalty = penalty_in(PenaltyState.PROPOSED)

    services.notify_penalty(penalty=penalty, by=instructor, now=NOW)

    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.NOTIFIED
    assert penalty.observations_due_on == DUE_ON
    assert penalty.notified_under == instructor.mandate
    assert penalty.notice.kind == "penalty_notice"
    assert actions() == [("procurement.penalty.notified", instructor.pk)]
    message = composed(Message.objects.get())
    assert message.recipient == manager.email
    assert message.subject == ("Un courrier attend votre réponse avant le mercredi 18 novembre 2026, minuit")
    assert f"/bureau/penalites/{penalty.uuid}/" in message.body


def test_hearing_rolls_over_the_holidays_of_metropolitan_law(penalty_in, instructor):
    paris = DepartmentFactory(code="75", name="Paris")
    PublicHolidayFactory(department=paris, day=DUE_ON)
    PublicHolidayFactory(department=paris, day=date(2026, 11, 19), is_legal=False)
    PublicHolidayFactory(department__bas_rhin=True, day=date(2026, 11, 19))

    penalty = services.notify_penalty(penalty=penalty_in(PenaltyState.PROPOSED), by=instructor, now=NOW)

    assert penalty.observations_due_on == date(2026, 11, 19)


def test_reception_is_the_day_in_paris(penalty_in, instructor):
    late_evening = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)

    penalty = services.notify_penalty(
        penalty=penalty_in(PenaltyState.PROPOSED), by=instructor, now=late_evening
    )

    assert penalty.observations_due_on == DUE_ON


def test_dropped_proposal_keeps_its_reasons(penalty_in, instructor):
    penalty = services.drop_penalty(
        penalty=penalty_in(PenaltyState.PROPOSED),
        reasons=" Donnée contestée. ",
        by=instructor,
        now=NOW,
    )

    penalty.refresh_from_db()
    assert (penalty.state, penalty.reasons) == ("DROPPED", "Donnée contestée.")
    assert actions() == [("procurement.penalty.dropped", instructor.pk)]
    assert Message.objects.count() == 0


def test_dropping_needs_reasons(penalty_in, instructor):
    with pytest.raises(ReasonsMissing):
        services.drop_penalty(penalty=penalty_in(PenaltyState.PROPOSED), reasons="  ", by=instructor, now=NOW)


LAST_MINUTE = datetime(2026, 11, 18, 22, 59, tzinfo=UTC)  # 23:59 in Paris
MIDNIGHT = datetime(2026, 11, 18, 23, 0, tzinfo=UTC)


def observe(penalty, by, *, text="La panne explique ce délai.", now=LAST_MINUTE):
    return services.observe_penalty(penalty=penalty, observations=text, by=by, now=now)


def test_holder_observes_until_the_last_minute(penalty_in, manager):
    penalty = observe(penalty_in(PenaltyState.NOTIFIED), manager)

    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.OBSERVED
    assert penalty.observations == "La panne explique ce délai."
    assert penalty.observed_under == manager.mandate
    assert actions() == [("procurement.penalty.observed", manager.pk)]


def test_observations_after_the_due_date_are_refused(penalty_in, manager):
    with pytest.raises(ObservationsTooLate):
        observe(penalty_in(PenaltyState.NOTIFIED), manager, now=MIDNIGHT)


def test_empty_observations_are_refused(penalty_in, manager):
    with pytest.raises(ObservationsEmpty):
        observe(penalty_in(PenaltyState.NOTIFIED), manager, text="  \n")


def test_another_holder_does_not_observe(penalty_in):
    with pytest.raises(PenaltyNotYours):
        observe(penalty_in(PenaltyState.NOTIFIED), UserFactory(role=Role.OPERATOR_MANAGER))


def test_clock_closes_only_hearings_that_are_over(penalty_in):
    over = penalty_in(PenaltyState.NOTIFIED)
    running = penalty_in(PenaltyState.NOTIFIED, observations_due_on=date(2026, 11, 19))
    answered = penalty_in(PenaltyState.OBSERVED)

    counts = [services.mark_silent(now=MIDNIGHT) for _ in range(2)]

    assert counts == [1, 0]
    states = dict(Penalty.objects.values_list("pk", "state"))
    assert states == {over.pk: "SILENT", running.pk: "NOTIFIED", answered.pk: "OBSERVED"}
    assert actions() == [("procurement.penalty.silent", None)]


def decide(penalty, by, outcome, amount=None, *, reasons="Motifs.", now=AFTER):
    return services.decide_penalty(
        penalty=penalty,
        outcome=outcome,
        amount_excl_tax=amount and Decimal(amount),
        reasons=reasons,
        by=by,
        now=now,
    )


@pytest.mark.parametrize("heard", PenaltyState.to_decide)
@pytest.mark.parametrize(
    ("outcome", "amount", "decided"),
    [
        ("APPLIED", None, "1500.00"),
        ("REDUCED", "800.00", "800.00"),
        ("WAIVED", None, "0.00"),
    ],
)
def test_decision_is_written_and_told(penalty_in, decider, manager, heard, outcome, amount, decided):
    penalty = decide(penalty_in(heard), decider, outcome, amount)

    penalty.refresh_from_db()
    assert penalty.state == outcome
    assert penalty.decided_amount_excl_tax == Decimal(decided)
    assert penalty.decided_under == decider.mandate
    assert penalty.decision_letter.kind == "penalty_decision"
    assert actions() == [("procurement.penalty.decided", decider.pk)]
    compose_all()
    assert list(Message.objects.values_list("recipient", "subject")) == [
        (manager.email, "Un courrier de décision vous attend")
    ]


@pytest.mark.parametrize("amount", [None, "0.00", "-1.00", "1500.00", "1600.00"])
def test_reduction_stays_within_the_computed_amount(penalty_in, decider, amount):
    with pytest.raises(DecidedAmountRefused):
        decide(penalty_in(PenaltyState.OBSERVED), decider, "REDUCED", amount)


def test_decision_needs_reasons(penalty_in, decider):
    with pytest.raises(ReasonsMissing):
        decide(penalty_in(PenaltyState.OBSERVED), decider, "WAIVED", reasons=" ")


def test_who_notified_does_not_decide_even_under_another_mandate(penalty_in, instructor):
    penalty = penalty_in(PenaltyState.OBSERVED)
    instructor.mandate = MandateFactory(user=instructor, role=Role.DECIDER)

    with pytest.raises(SameHands):
        decide(penalty, instructor, "WAIVED")


def acts(penalty, *, instructor, manager, decider):
    """Each act of the procedure, by who may do it, by the state it leads to."""
    return {
        PenaltyState.NOTIFIED: lambda: services.notify_penalty(penalty=penalty, by=instructor, now=NOW),
        PenaltyState.DROPPED: lambda: services.drop_penalty(
            penalty=penalty, reasons="Motifs.", by=instructor, now=NOW
        ),
        PenaltyState.OBSERVED: lambda: observe(penalty, manager),
        PenaltyState.APPLIED: lambda: decide(penalty, decider, "APPLIED"),
        PenaltyState.REDUCED: lambda: decide(penalty, decider, "REDUCED", "800.00"),
        PenaltyState.WAIVED: lambda: decide(penalty, decider, "WAIVED"),
    }


REFUSED = [
    (before, after)
    for before in PenaltyState
    for after in PenaltyState
    if after not in PENALTY_TRANSITIONS[before] and after not in (PenaltyState.PROPOSED, PenaltyState.SILENT)
]


@pytest.mark.parametrize(("before", "after"), REFUSED)
def test_every_step_outside_the_table_is_refused(penalty_in, instructor, manager, decider, before, after):
    penalty = penalty_in(before)
    act = acts(penalty, instructor=instructor, manager=manager, decider=decider)[after]

    with pytest.raises(PenaltyStateRefused):
        act()

    penalty.refresh_from_db()
    assert penalty.state == before
    assert actions() == []


ENTITLED = {
    PenaltyState.NOTIFIED: (PenaltyState.PROPOSED, Role.CONTRACT_MANAGER),
    PenaltyState.DROPPED: (PenaltyState.PROPOSED, Role.CONTRACT_MANAGER),
    PenaltyState.OBSERVED: (PenaltyState.NOTIFIED, Role.OPERATOR_MANAGER),
    PenaltyState.WAIVED: (PenaltyState.OBSERVED, Role.DECIDER),
}


@pytest.mark.parametrize(
    ("role", "after"),
    [
        (role, after)
        for after, (_, entitled) in ENTITLED.items()
        for role in Role.agents
        if role != entitled and role not in Role.of_regions
    ],
)
def test_each_act_belongs_to_one_role(penalty_in, contract, role, after):
    before, _ = ENTITLED[after]
    organisation = contract.holder if role in Role.of_operators else None
    user = UserFactory(role=role, role__organisation=organisation)
    act = acts(penalty_in(before), instructor=user, manager=user, decider=user)[after]

    with pytest.raises(MandateNotEntitled):
        act()


def test_reduced_amount_is_to_the_cent_before_the_letter_is_printed(penalty_in):
    penalty = penalty_in(PenaltyState.OBSERVED, computed_amount_excl_tax=Decimal("100.01"))

    reduced = services.decided_amount(
        penalty=penalty, outcome=PenaltyState.REDUCED, amount_excl_tax=Decimal("50.005")
    )

    assert reduced == Decimal("50.01")


def test_who_notified_does_not_answer_even_under_another_mandate(penalty_in, instructor, contract):
    penalty = penalty_in(PenaltyState.NOTIFIED)
    instructor.mandate = MandateFactory(
        user=instructor, role=Role.OPERATOR_MANAGER, organisation=contract.holder
    )

    with pytest.raises(SameHands):
        services.observe_penalty(penalty=penalty, observations="Rien à dire.", by=instructor, now=NOW)
