import gzip
from datetime import UTC, date, datetime, timedelta

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.documents.gateways import storage
from cep_portal.documents.services import read_document
from cep_portal.messaging.models import Message
from operators.casework.pathways.hooks import first_open_days
from operators.casework.pathways.models import CounsellingSession
from operators.network.enums import ServiceLevel
from reporting.closings import services
from reporting.closings.enums import ClosingState
from reporting.closings.errors import (
    AlreadyAsked,
    ClosingMandateNotEntitled,
    ClosingNotYours,
    ClosingStateRefused,
    DaysOutside,
    DisputesUnanswered,
    DisputeTooLate,
    EvidenceAltered,
    NotYetDue,
    ReasonsMissing,
    SamePerson,
)
from reporting.closings.models import Closing, FrozenValue, Restatement
from reporting.closings.rules import unripe_until
from reporting.closings.selectors.evidence import evidence_of
from tests.factories.accounts import UserFactory
from tests.factories.closings import ClosingFactory
from tests.factories.operators import CounsellingSessionFactory
from tests.factories.procurement import ContractFactory
from tests.reporting.closings.conftest import (
    DURING_CONTEST,
    FIRST_OF_NOVEMBER,
    FREEZE_DAY,
    second_mandate,
)

OCTOBER = date(2026, 10, 1)
LATE = datetime(2027, 1, 5, 4, tzinfo=UTC)


def test_month_opens_once_with_its_three_days(contract, october):
    again = services.open_closings(now=FIRST_OF_NOVEMBER)

    assert (again, Closing.objects.count()) == (0, 1)
    assert (october.month, october.number, october.state) == (OCTOBER, 1, ClosingState.COLLECTING)
    assert (october.provisional_on, october.contest_until, october.freeze_from) == (
        date(2026, 11, 20),
        date(2026, 11, 25),
        date(2026, 11, 30),
    )


def test_clock_moves_a_month_and_tells_the_holder(october, people):
    early = services.advance_closings(now=datetime(2026, 11, 19, 22, tzinfo=UTC))
    moved = services.advance_closings(now=DURING_CONTEST)
    again = services.advance_closings(now=DURING_CONTEST)
    october.refresh_from_db()

    assert (early, moved, again, october.state) == (0, 1, 0, ClosingState.PROVISIONAL)
    assert [message.recipient for message in Message.objects.all()] == [people[Role.OPERATOR_MANAGER].email]
    assert AuditEvent.objects.filter(action="reporting.closing.provisional", actor=None).count() == 1


def test_holder_contests_until_the_last_day_and_is_answered(provisional, people):
    holder, manager = people[Role.OPERATOR_MANAGER], people[Role.CONTRACT_MANAGER]
    last_minute = datetime(2026, 11, 25, 22, 59, tzinfo=UTC)

    dispute = services.raise_dispute(
        closing=provisional, kpi="entries", words=" 41 entrées. ", by=holder, now=last_minute
    )
    with pytest.raises(AlreadyAsked):
        services.raise_dispute(
            closing=provisional, kpi="entries", words="Encore.", by=holder, now=last_minute
        )
    with pytest.raises(DisputeTooLate):
        services.raise_dispute(
            closing=provisional,
            kpi="no_show_rate",
            words="Non.",
            by=holder,
            now=last_minute + timedelta(minutes=1),
        )
    answered = services.answer_dispute(
        dispute=dispute, outcome="ACCEPTED", answer="Le fichier est repris.", by=manager, now=FREEZE_DAY
    )

    assert (answered.words, answered.outcome, answered.answered_under) == (
        "41 entrées.",
        "ACCEPTED",
        manager.mandate,
    )
    assert list(
        AuditEvent.objects.filter(action__startswith="reporting.dispute")
        .order_by("pk")
        .values_list("action", "actor")
    ) == [("reporting.dispute.raised", holder.pk), ("reporting.dispute.answered", manager.pk)]


@pytest.mark.parametrize("words", ["", "  "])
def test_dispute_says_what(provisional, people, words):
    with pytest.raises(ReasonsMissing):
        services.raise_dispute(
            closing=provisional,
            kpi="entries",
            words=words,
            by=people[Role.OPERATOR_MANAGER],
            now=DURING_CONTEST,
        )


def test_dispute_belongs_to_the_holder_while_provisional(october, people):
    stranger = UserFactory(role=Role.OPERATOR_MANAGER)

    for by, refusal in (
        (people[Role.ANALYST], ClosingMandateNotEntitled),
        (stranger, ClosingNotYours),
        (people[Role.OPERATOR_MANAGER], DisputeTooLate),  # not provisional yet
    ):
        with pytest.raises(refusal):
            services.raise_dispute(closing=october, kpi="entries", words="Faux.", by=by, now=DURING_CONTEST)


def test_freeze_keeps_figures_evidence_and_hashes(frozen, people):
    values = {value.kpi: (value.month, value.numerator, value.denominator) for value in frozen.values.all()}
    lines = gzip.decompress(read_document(frozen.evidence)).decode().splitlines()

    assert values == {
        "entries": (OCTOBER, 3, None),
        "active_beneficiaries": (OCTOBER, 3, None),
        "uptake_rate": (OCTOBER, 3, 100_000),
        "level_two_share": (OCTOBER, 0, 3),
        "first_appointment_days": (date(2026, 7, 1), 0, 0),
        "no_show_rate": (OCTOBER, 1, 2),
        "satisfaction_rate": (OCTOBER, 1, 1),
    }
    assert (frozen.state, frozen.frozen_under, frozen.previous_sha256) == (
        ClosingState.FROZEN,
        people[Role.ANALYST].mandate,
        "",
    )
    assert len(lines) == 3 * 4 + 1 + 2 + 1  # pathways of four figures, a stock, appointments, an answer
    assert lines == sorted(lines)
    assert AuditEvent.objects.get(action="reporting.closing.frozen").data["sha256"] == frozen.output_sha256


def test_evidence_names_nobody(frozen, facts):
    text = gzip.decompress(read_document(frozen.evidence)).decode()

    for session in facts:
        assert str(session.pathway.uuid) not in text
        assert str(session.pathway.beneficiary.uuid) not in text


def test_freeze_waits_for_its_day_and_for_answers(contested, provisional, people, facts):
    """RDV-I 1727, 2557, PR 1648, 1851, 2487: negative delays, running month always bad."""
    analyst = people[Role.ANALYST]

    with pytest.raises(NotYetDue):
        services.freeze_month(closing=contested, by=analyst, now=datetime(2026, 11, 29, 9, tzinfo=UTC))
    with pytest.raises(ClosingMandateNotEntitled):
        services.freeze_month(closing=contested, by=people[Role.DECIDER], now=FREEZE_DAY)


def test_freeze_waits_for_answers_of_other_people(provisional, people, facts):
    holder, manager, analyst = (
        people[role] for role in (Role.OPERATOR_MANAGER, Role.CONTRACT_MANAGER, Role.ANALYST)
    )
    dispute = services.raise_dispute(
        closing=provisional, kpi="entries", words="Faux.", by=holder, now=DURING_CONTEST
    )
    with pytest.raises(ClosingStateRefused):
        services.freeze_month(closing=provisional, by=analyst, now=FREEZE_DAY)
    services.advance_closings(now=FREEZE_DAY)
    with pytest.raises(DisputesUnanswered):
        services.freeze_month(closing=provisional, by=analyst, now=FREEZE_DAY)
    services.answer_dispute(dispute=dispute, outcome="REJECTED", answer="Non.", by=manager, now=FREEZE_DAY)
    manager.mandate = second_mandate(manager, Role.ANALYST)
    with pytest.raises(SamePerson):
        services.freeze_month(closing=provisional, by=manager, now=FREEZE_DAY)

    assert services.freeze_month(closing=provisional, by=analyst, now=FREEZE_DAY).is_frozen


def test_frozen_again_gives_the_same_answer_and_an_altered_file_does_not(frozen, people):
    same = services.compare_closing(closing=frozen, by=people[Role.ANALYST], now=LATE)
    storage.whole_path(frozen.evidence.path).write_bytes(b"x")
    altered = services.compare_closing(closing=frozen, by=people[Role.ANALYST], now=LATE)

    assert (same.is_same, same.from_facts["entries"]) == (True, (3, None))
    assert (altered.evidence_is_whole, altered.is_same) == (False, False)
    assert [
        event.data["is_same"]
        for event in AuditEvent.objects.filter(action="reporting.closing.compared").order_by("pk")
    ] == [
        True,
        False,
    ]


def test_chain_carries_the_hash_before(frozen, people, contract):
    november = datetime(2026, 12, 1, 3, tzinfo=UTC)
    services.open_closings(now=november)
    for day in ("2026-12-22T04:00+00:00", "2026-12-29T04:00+00:00"):
        services.advance_closings(now=datetime.fromisoformat(day))
    closing = Closing.objects.get(month=date(2026, 11, 1))

    second = services.freeze_month(closing=closing, by=people[Role.ANALYST], now=LATE)

    assert second.previous_sha256 == frozen.output_sha256
    assert second.values.get(kpi="entries").numerator == 0


def test_days_before_the_freeze_never_change_again(frozen, contract):
    assert first_open_days(contract_ids=[contract.pk]) == {contract.pk: date(2026, 11, 1)}


def test_nothing_is_frozen_when_evidence_and_engine_disagree(contested, people, facts, monkeypatch):
    """The wall itself is proved: the two paths are made to differ."""
    from reporting.closings.services import freezing

    monkeypatch.setattr(
        freezing,
        "counts_of_engine",
        lambda *, contract_ids, **_: {
            key: dict.fromkeys(freezing.DEFINITIONS, (9, None)) for key in contract_ids
        },
    )

    with pytest.raises(EvidenceAltered, match="Entrées"):
        services.freeze_month(closing=contested, by=people[Role.ANALYST], now=FREEZE_DAY)
    assert FrozenValue.objects.count() == 0


def neutral(closing, people, first=date(2026, 10, 5), last=date(2026, 10, 6), now=DURING_CONTEST):
    return services.propose_neutralisation(
        closing=closing,
        first_day=first,
        last_day=last,
        reason="OUTAGE",
        words="Panne du 5 au 6.",
        by=people[Role.CONTRACT_MANAGER],
        now=now,
    )


def test_neutral_days_leave_facts_out_and_are_counted(contested, people, facts):
    proposed = neutral(contested, people)
    with pytest.raises(DisputesUnanswered, match="neutralisation"):
        services.freeze_month(closing=contested, by=people[Role.ANALYST], now=FREEZE_DAY)
    services.decide_neutralisation(
        neutralisation=proposed,
        outcome="ACCEPTED",
        reasons="Établi.",
        by=people[Role.DECIDER],
        now=DURING_CONTEST,
    )

    frozen = services.freeze_month(closing=contested, by=people[Role.ANALYST], now=FREEZE_DAY)

    entries = frozen.values.get(kpi="entries")
    assert (entries.numerator, entries.excluded) == (1, {"neutralised": 2})
    assert services.compare_closing(closing=frozen, by=people[Role.ANALYST], now=LATE).is_same
    with pytest.raises(ClosingStateRefused):
        neutral(frozen, people, now=FREEZE_DAY)


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 9, 30), date(2026, 10, 1)), (date(2026, 10, 31), date(2026, 11, 1))],
)
def test_neutral_days_are_those_of_the_month_of_the_page(contested, people, first, last):
    with pytest.raises(DaysOutside, match="octobre"):
        neutral(contested, people, first, last)


def test_all_that_is_due_is_frozen_at_once_and_the_contested_is_left(contract, facts, people):
    other = ContractFactory()
    services.open_closings(now=FIRST_OF_NOVEMBER)
    services.advance_closings(now=DURING_CONTEST)
    own, theirs = (Closing.objects.get(contract=each) for each in (contract, other))
    services.raise_dispute(
        closing=own, kpi="entries", words="Faux.", by=people[Role.OPERATOR_MANAGER], now=DURING_CONTEST
    )
    services.advance_closings(now=FREEZE_DAY)

    freezes = services.freeze_due(by=people[Role.ANALYST], now=FREEZE_DAY)

    states = {closing.pk: closing.state for closing in Closing.objects.all()}
    assert (freezes.done, freezes.refused) == (1, 1)
    assert states == {own.pk: ClosingState.CONTESTED, theirs.pk: ClosingState.FROZEN}
    assert services.freeze_due(by=people[Role.ANALYST], now=FREEZE_DAY).done == 0
    with pytest.raises(ClosingMandateNotEntitled):
        services.freeze_due(by=people[Role.DECIDER], now=FREEZE_DAY)


def test_facts_of_all_contracts_are_read_at_once(people, db, django_assert_num_queries):
    """The statements that read facts are as many for one contract as for four."""
    keys = [ContractFactory().pk for _ in range(4)]
    for chosen in (keys[:1], keys):
        with django_assert_num_queries(9):  # seven figures, neutral days, people in work
            evidence_of(contract_ids=chosen, month=OCTOBER, known_at=LATE)


def test_month_waits_until_its_slowest_figure_is_ripe(contract, people):
    """A rule set may ask for a freeze sooner than a figure ripens: the freeze waits."""
    sooner = ClosingFactory(
        contract=contract,
        month=OCTOBER,
        state=ClosingState.CONTESTED,
        provisional_on=date(2026, 10, 12),
        contest_until=date(2026, 10, 13),
        freeze_from=date(2026, 10, 14),
    )

    assert unripe_until(month=OCTOBER) == date(2026, 11, 1)
    with pytest.raises(NotYetDue, match="1er novembre"):
        services.freeze_month(
            closing=sooner, by=people[Role.ANALYST], now=datetime(2026, 10, 31, 9, tzinfo=UTC)
        )


def test_clock_that_was_late_opens_each_month_that_it_owes(contract, october):
    services.open_closings(now=datetime(2027, 2, 3, 3, tzinfo=UTC))

    assert list(Closing.objects.order_by("month").values_list("month", flat=True)) == [
        OCTOBER,
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_two_people_reopen_and_the_frozen_version_stays(frozen, people, contract):
    analyst, decider = people[Role.ANALYST], people[Role.DECIDER]
    asked = services.ask_reopening(closing=frozen, words="Dix séances oubliées.", by=analyst, now=LATE)
    analyst.mandate = second_mandate(analyst, Role.DECIDER)
    with pytest.raises(SamePerson):
        services.decide_reopening(reopening=asked, outcome="ACCEPTED", reasons="Oui.", by=analyst, now=LATE)

    second = services.decide_reopening(
        reopening=asked, outcome="ACCEPTED", reasons="Oui.", by=decider, now=LATE
    )

    frozen.refresh_from_db()
    assert (second.number, second.state, second.supersedes) == (2, ClosingState.PROVISIONAL, frozen)
    assert (frozen.state, frozen.values.count()) == (ClosingState.FROZEN, 7)
    assert first_open_days(contract_ids=[contract.pk]) == {contract.pk: OCTOBER}


def test_quarter_says_what_moved_and_a_material_move_is_decided(frozen, people, adviser):
    for day in (8, 9):
        CounsellingSessionFactory(
            pathway__adviser=adviser,
            starts_at=datetime(2026, 10, day, 8, tzinfo=UTC),
            recorded_at=datetime(2026, 12, 20, 8, tzinfo=UTC),
        )

    moved, again = services.restate_quarter(now=LATE), services.restate_quarter(now=LATE)

    assert (moved, again) == (4, 0)
    entries = Restatement.objects.get(frozen__kpi="entries")
    assert (entries.numerator, entries.is_material, entries.frozen.numerator) == (5, True, 3)
    decided = services.decide_restatement(
        restatement=entries, decision="REGULARISE", reasons="Deux entrées.", by=people[Role.DECIDER], now=LATE
    )
    assert decided.decision == "REGULARISE"
    with pytest.raises(AlreadyAsked):
        services.decide_restatement(
            restatement=entries, decision="KEEP", reasons="Non.", by=people[Role.DECIDER], now=LATE
        )


def test_what_was_known_at_the_freeze_is_counted_again_whatever_happened_since(
    frozen, people, adviser, facts, clock
):
    """A late log, a correction, a session withdrawn, all after the freeze: the hash is the same."""
    CounsellingSessionFactory(
        pathway__adviser=adviser,
        starts_at=datetime(2026, 10, 8, 8, tzinfo=UTC),
        recorded_at=datetime(2026, 12, 20, 8, tzinfo=UTC),
    )
    clock.move_to(datetime(2026, 12, 21, 8, tzinfo=UTC))
    CounsellingSession.objects.filter(pk=facts[0].pk).update(level=ServiceLevel.TWO)
    facts[1].delete()

    comparison = services.compare_closing(closing=frozen, by=people[Role.ANALYST], now=LATE)
    services.restate_quarter(now=LATE)

    assert (comparison.is_same, comparison.from_facts["level_two_share"]) == (True, (0, 3))
    moved = Restatement.objects.order_by("frozen__kpi").values_list("frozen__kpi", "numerator", "denominator")
    assert list(moved) == [("level_two_share", 1, 3)]


def test_month_frozen_after_its_quarter_is_compared_the_next_time(frozen, people, adviser):
    CounsellingSessionFactory(
        pathway__adviser=adviser,
        starts_at=datetime(2026, 10, 8, 8, tzinfo=UTC),
        recorded_at=datetime(2027, 2, 20, 8, tzinfo=UTC),
    )

    january = services.restate_quarter(now=LATE)
    april = services.restate_quarter(now=datetime(2027, 4, 5, 4, tzinfo=UTC))

    assert (january, april) == (0, 4)
    assert set(Restatement.objects.values_list("quarter", flat=True)) == {date(2027, 1, 1)}
