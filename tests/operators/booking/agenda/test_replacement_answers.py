"""What a person answers to a proposal, by themself, aloud or by booking; each answer is written once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda import rules, services
from operators.booking.agenda.enums import CancelReason, ReplacementState
from operators.booking.agenda.errors import SlotTaken, TransitionRefused
from operators.booking.agenda.models import Replacement
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AppointmentFactory,
    OpeningRuleFactory,
    ReplacementFactory,
)
from tests.operators.booking.agenda.absences import DAY, away, booked_with, choose
from tests.operators.booking.agenda.acts import NINE, TEN, book, cancel, move
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


def test_acceptance_is_written_once(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked_with(adviser)
    (replacement,) = away(adviser)

    accepted = services.accept_replacement(replacement=replacement, now=NOW)

    assert (accepted.state, accepted.answered_at) == (ReplacementState.ACCEPTED, NOW)
    with pytest.raises(TransitionRefused):
        services.decline_replacement(replacement=replacement, now=NOW)
    assert AuditEvent.objects.filter(action="operators.replacement.answered").count() == 1


def test_another_slot_instead_of_the_colleague_counts_no_move(adviser, site):
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked = booked_with(adviser)
    (replacement,) = away(adviser)

    chosen = choose(replacement, TEN)

    booked.refresh_from_db()
    replacement.refresh_from_db()
    assert (chosen.starts_at, chosen.adviser, chosen.move_count) == (TEN, colleague, 0)
    assert (booked.state, booked.cancel_reason) == ("CANCELLED", CancelReason.ADVISER_AWAY)
    assert replacement.state == ReplacementState.CHOSEN


def test_slot_chosen_after_a_cancellation_books_and_schedules_again(adviser):
    booked = booked_with(adviser)
    (replacement,) = away(adviser)

    chosen = choose(replacement, NINE + 7 * DAY)

    chosen.service_request.refresh_from_db()
    assert (chosen.state, chosen.beneficiary, chosen.moved_from) == ("BOOKED", booked.beneficiary, booked)
    assert chosen.service_request.state == RequestState.SCHEDULED
    with pytest.raises(TransitionRefused):
        choose(replacement, NINE + 14 * DAY)


def test_slot_taken_meanwhile_leaves_the_proposal_open(adviser):
    booked_with(adviser)
    (replacement,) = away(adviser)
    AppointmentFactory(adviser=adviser, starts_at=NINE + 7 * DAY)

    with pytest.raises(SlotTaken):
        choose(replacement, NINE + 7 * DAY)

    replacement.refresh_from_db()
    assert replacement.state == ReplacementState.SLOTS


def test_refusing_the_colleague_cancels_without_a_limit(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked = booked_with(adviser)
    (replacement,) = away(adviser, now=NINE - timedelta(minutes=50))

    services.decline_replacement(replacement=replacement, now=NINE - timedelta(minutes=10))

    booked.refresh_from_db()
    assert (booked.state, booked.cancel_reason) == ("CANCELLED", CancelReason.ADVISER_AWAY)


def test_silence_keeps_the_colleague_and_calls_the_others(adviser, site):
    """Nobody is forgotten: each is received, answered, or on the list of calls."""
    with_colleague = ReplacementFactory(
        state=ReplacementState.COLLEAGUE, colleague=OpeningRuleFactory(adviser__site=site).adviser
    )
    with_slots = ReplacementFactory()

    early = services.close_unanswered(now=with_slots.answer_by - timedelta(seconds=1))
    late = services.close_unanswered(now=with_slots.answer_by)

    with_colleague.refresh_from_db()
    with_slots.refresh_from_db()
    assert (early, late, services.close_unanswered(now=with_slots.answer_by)) == (0, 2, 0)
    assert (with_colleague.state, with_slots.state) == (ReplacementState.KEPT, ReplacementState.NO_ANSWER)


def test_who_answers_after_the_hour_still_can():
    kept = ReplacementFactory(state=ReplacementState.NO_ANSWER)

    services.decline_replacement(replacement=kept, now=NOW)

    kept.refresh_from_db()
    assert kept.state == ReplacementState.DECLINED


def test_settled_by_telephone_says_who(adviser):
    replacement, officer = ReplacementFactory(state=ReplacementState.NO_ANSWER), UserFactory()

    services.settle_replacement(replacement=replacement, by=officer, now=NOW)

    line = AuditEvent.objects.get(action="operators.replacement.answered")
    assert (line.actor, line.data) == (officer, {"state": "SETTLED"})


def test_who_books_cancels_or_moves_by_another_way_is_called_in_vain_no_more(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    moved, cancelled = booked_with(adviser), booked_with(adviser, starts_at=TEN)
    away(adviser)
    OpeningRuleFactory(adviser__site=site, weekday=2)

    moved.refresh_from_db()
    cancelled.refresh_from_db()
    services.move_appointment(
        appointment=moved, site=site, starts_at=NINE + DAY, level="ONE", mode="ON_SITE", now=NOW
    )
    cancel(cancelled)

    assert list(Replacement.objects.order_by("pk").values_list("state", flat=True)) == ["CHOSEN", "DECLINED"]


def test_who_books_anew_after_a_cancelled_session_has_answered(adviser, site):
    booked = booked_with(adviser)
    away(adviser)

    book(site, starts_at=NINE + 7 * DAY, person=booked.beneficiary, service_request=booked.service_request)

    assert Replacement.objects.get().state == ReplacementState.CHOSEN


def test_database_keeps_one_open_proposal_an_appointment():
    first = ReplacementFactory()

    with pytest.raises(IntegrityError, match="replacement_one_waiting"):
        ReplacementFactory(appointment=first.appointment)


def test_database_wants_an_instant_with_each_answer():
    replacement = ReplacementFactory()

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="answered_or_waiting"):
        cursor.execute("UPDATE operators_replacement SET state = 'CHOSEN' WHERE id = %s", [replacement.pk])


@pytest.mark.parametrize("state", ReplacementState)
@pytest.mark.parametrize("target", ReplacementState)
def test_answers_are_those_of_the_table(state, target):
    answers = {"CHOSEN", "DECLINED", "SETTLED"}
    allowed = {
        "COLLEAGUE": answers | {"ACCEPTED", "KEPT"},
        "SLOTS": answers | {"NO_ANSWER"},
        "NO_ANSWER": answers,
        "KEPT": answers | {"ACCEPTED"},
    }

    assert rules.may_answer(state, target) is (target in allowed.get(state, set()))


def test_moved_session_has_no_more_proposal(adviser):
    booked = booked_with(adviser, mode="PHONE")
    moved = move(booked, TEN)

    assert moved.replacements.count() == 0
