"""An absence over booked sessions: each person is proposed something, told once, and nobody is forgotten."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.agenda import replacing, rules, services
from operators.agenda.enums import AppointmentState, CancelledBy, CancelReason, ReplacementState
from operators.agenda.errors import AbsenceInvalid, SlotTaken, TransitionRefused
from operators.agenda.models import Absence, Appointment, Replacement
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    AppointmentFactory,
    OpeningRuleFactory,
    ReplacementFactory,
    SiteFactory,
)
from tests.operators.agenda.acts import NINE, TEN, book, cancel, hold, move
from tests.operators.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def adviser(site):
    return OpeningRuleFactory(adviser__site=site).adviser


def away(adviser, *, now=NOW, starts_at=NINE - timedelta(hours=1), ends_at=NINE + timedelta(hours=8)):
    _, replaced = services.lay_absence_and_replace(
        adviser=adviser, starts_at=starts_at, ends_at=ends_at, by=adviser.user, now=now
    )
    return replaced


def booked_with(adviser, **changes):
    request = ServiceRequestFactory(contract=adviser.site.contract, state=RequestState.SCHEDULED)
    person = changes.pop("beneficiary", None) or BeneficiaryFactory(phone="06 39 98 00 00")
    return AppointmentFactory(adviser=adviser, service_request=request, beneficiary=person, **changes)


def choose(replacement, starts_at):
    return services.choose_replacement(
        replacement=replacement,
        site=replacement.appointment.site,
        starts_at=starts_at,
        mode=replacement.appointment.mode,
        now=NOW,
    )


def test_colleague_at_the_same_hour_takes_the_session_at_once_rdvsp_1007(adviser, site):
    """Nobody comes for nothing, whether or not the message is read (RDV-SP 1007, 1401)."""
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked = booked_with(adviser)

    (replacement,) = away(adviser)

    booked.refresh_from_db()
    assert (booked.state, booked.adviser, booked.starts_at) == ("BOOKED", colleague, NINE)
    assert (replacement.state, replacement.colleague) == (ReplacementState.COLLEAGUE, colleague)
    assert replacement.former_adviser == adviser
    assert Absence.objects.get().adviser == adviser


def test_least_loaded_colleague_takes_the_session(adviser, site):
    loaded, free = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(2))
    AppointmentFactory(adviser=loaded, starts_at=at("2026-12-02 09:00"))
    booked_with(adviser)

    assert away(adviser)[0].colleague == free


@pytest.mark.parametrize(
    "unfit", [{"levels": ["TWO"]}, {"modes": ["PHONE"]}, {"slot_minutes": 30}, {"weekday": 2}]
)
def test_colleague_of_another_level_mode_or_length_is_not_proposed(adviser, site, unfit):
    OpeningRuleFactory(adviser__site=site, **unfit)
    booked_with(adviser)

    assert away(adviser)[0].colleague is None


def test_two_sessions_at_one_hour_go_to_two_colleagues_or_one_and_slots(site):
    first, second = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(2))
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked_with(first)
    booked_with(second)
    AppointmentFactory(adviser=second, starts_at=NINE + 14 * DAY)

    (one,) = away(first)
    (other,) = away(second)

    assert one.colleague == colleague
    assert (other.colleague, other.state) == (None, ReplacementState.SLOTS)


def test_without_a_colleague_three_slots_and_the_session_is_cancelled(adviser):
    OpeningRuleFactory(adviser=adviser, weekday=2)
    booked = booked_with(adviser)

    (replacement,) = away(adviser)

    booked.refresh_from_db()
    booked.service_request.refresh_from_db()
    assert (booked.state, booked.cancelled_by, booked.cancel_reason) == (
        "CANCELLED",
        CancelledBy.OPERATOR,
        CancelReason.ADVISER_AWAY,
    )
    assert booked.service_request.state == RequestState.REGISTERED
    assert replacement.slots == [
        at("2026-12-01 09:00"),
        at("2026-12-01 10:15"),
        at("2026-12-07 09:00"),
    ] or replacement.slots == [at("2026-11-24 10:15"), at("2026-12-01 09:00"), at("2026-12-01 10:15")]


def test_one_message_and_one_sms_a_person(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked = booked_with(adviser)

    away(adviser)

    messages = Message.objects.filter(person_key=str(booked.beneficiary.uuid)).order_by("channel")
    assert [message.channel for message in messages] == ["EMAIL", "SMS"]
    assert messages[0].subject == "Votre rendez-vous du 30 novembre"
    assert "Vous n’avez rien à faire" in messages[0].body
    assert "/proposition/" in messages[0].body


def test_slots_told_are_in_the_message(adviser):
    booked_with(adviser)

    (replacement,) = away(adviser)

    body = Message.objects.get(channel="EMAIL").body
    assert len(replacement.slots) == body.count("- lundi")
    assert "nous vous appelons" in body


def test_absence_of_weeks_replaces_each_booking(adviser):
    for week in range(3):
        booked_with(adviser, starts_at=NINE + 7 * week * DAY)

    replaced = away(adviser, ends_at=NINE + 30 * DAY)

    assert len(replaced) == 3
    assert not Appointment.objects.filter(adviser=adviser, state=AppointmentState.BOOKED).exists()


def test_pair_is_proposed_other_slots(adviser, site):
    second = OpeningRuleFactory(adviser__site=site).adviser
    OpeningRuleFactory(adviser__site=site)
    booked_with(adviser, second_adviser=second)

    (replacement,) = away(second)

    assert (replacement.state, replacement.colleague) == (ReplacementState.SLOTS, None)


def test_hold_inside_the_absence_ends(adviser, site):
    held = hold(site)

    away(adviser)

    held.refresh_from_db()
    assert held.state == AppointmentState.EXPIRED


def test_ill_at_seven_a_colleague_takes_the_session_of_eight_thirty(adviser, site):
    """The public's notice of two hours does not bind the service."""
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked = booked_with(adviser)
    now = NINE - timedelta(minutes=40)

    (replacement,) = away(adviser, now=now)

    booked.refresh_from_db()
    assert booked.adviser == colleague
    assert replacement.answer_by == NINE


def test_hour_lost_within_a_day_is_a_call_at_once(adviser):
    booked_with(adviser)

    (replacement,) = away(adviser, now=NINE - timedelta(hours=3))

    assert rules.must_call(replacement, now=NINE - timedelta(hours=3))


@pytest.mark.parametrize("ends", [NINE - timedelta(hours=2), NOW - DAY])
def test_absence_that_means_nothing_replaces_nobody(adviser, ends):
    booked_with(adviser)

    with pytest.raises(AbsenceInvalid):
        away(adviser, ends_at=ends)

    assert Replacement.objects.count() == 0


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


def test_closure_of_a_site_proposes_other_slots_to_each(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked = booked_with(adviser)
    later = booked_with(adviser, starts_at=NINE + 7 * DAY)

    closure, (replacement,) = services.close_site_and_replace(
        site=site,
        first_on=date(2026, 11, 30),
        last_on=date(2026, 12, 1),
        reason="",
        by=adviser.user,
        now=NOW,
    )

    booked.refresh_from_db()
    later.refresh_from_db()
    assert (replacement.appointment, replacement.closure) == (booked, closure)
    assert (replacement.state, booked.cancel_reason) == (ReplacementState.SLOTS, CancelReason.SITE_CLOSED)
    assert later.state == AppointmentState.BOOKED


def test_adviser_who_leaves_is_replaced_for_good(adviser, site):
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked_with(adviser)
    booked_with(adviser, starts_at=NINE + 14 * DAY)
    adviser.is_active = False
    adviser.save()

    replaced = services.replace_adviser(adviser=adviser, from_at=NOW, by=colleague.user, now=NOW)

    assert [one.colleague for one in replaced] == [colleague, colleague]


def test_consequences_shown_are_those_that_happen(adviser, site):
    OpeningRuleFactory(adviser__site=site, closes=NINE.replace(hour=10).time())
    booked_with(adviser)
    booked_with(adviser, starts_at=TEN)
    starts, ends = NINE - timedelta(hours=1), NINE + timedelta(hours=8)

    shown = replacing.consequences(adviser=adviser, starts_at=starts, ends_at=ends, now=NOW)
    before = [(line.colleague, [slot.starts_at for slot in line.slots]) for line in shown]
    after = [(one.colleague, one.slots) for one in away(adviser)]

    assert before == after


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
