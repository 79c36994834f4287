"""An absence over booked sessions: each person is proposed something, told once, and nobody is forgotten."""

from collections import Counter
from datetime import time, timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.messaging.models import Message
from operators.booking.agenda import rules, services
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason, ReplacementState
from operators.booking.agenda.errors import AbsenceInvalid
from operators.booking.agenda.models import Absence, Appointment, Replacement
from operators.booking.agenda.selectors import consequences
from tests.clock import moved_day
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import compose_all, composed
from tests.operators.booking.agenda.absences import DAY, away, booked_with
from tests.operators.booking.agenda.acts import NINE, TEN, hold
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


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


def test_who_was_invited_and_never_came_takes_no_session_by_itself(adviser, site):
    """Invited accounts are chosen, never proposed; who has signed in since is a colleague like another."""
    invited = OpeningRuleFactory(adviser__site=site).adviser
    record(action="operators.adviser.invited", target=invited, by=adviser.user, now=NOW)
    booked = booked_with(adviser)

    assert consequences.colleagues(booked, now=NOW) == []
    User.objects.filter(pk=invited.user_id).update(last_login=NOW)
    assert consequences.colleagues(booked, now=NOW) == [invited.pk]


@pytest.mark.parametrize(
    "unfit", [{"levels": ["TWO"]}, {"modes": ["PHONE"]}, {"slot_minutes": 30}, {"weekday": 2}]
)
def test_colleague_of_another_level_mode_or_length_is_not_proposed(adviser, site, unfit):
    OpeningRuleFactory(adviser__site=site, **unfit)
    booked_with(adviser)

    assert away(adviser)[0].colleague is None


def test_two_sessions_at_one_hour_go_to_two_colleagues_or_one_and_slots():
    site = SiteFactory()
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


@pytest.mark.dated
def test_one_message_and_one_sms_a_person(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked = booked_with(adviser)

    away(adviser)

    compose_all()
    messages = Message.objects.filter(person_key=str(booked.beneficiary.uuid)).order_by("channel")
    assert [message.channel for message in messages] == ["EMAIL", "SMS"]
    assert messages[0].subject == "Votre rendez-vous du 30 novembre"
    assert "Vous n’avez rien à faire" in messages[0].body
    assert "/proposition/" in messages[0].body


def test_slots_told_are_in_the_message(adviser):
    booked_with(adviser)

    (replacement,) = away(adviser)

    body = composed(Message.objects.get(channel="EMAIL")).body
    assert len(replacement.slots) == body.count("- lundi")
    assert "nous vous appelons" in body


def test_proposal_is_told_as_it_was_made_though_answered_since(adviser, site):
    """The words come after the act: an answer in between changes the replacement, not what was said."""
    OpeningRuleFactory(adviser__site=site)
    booked_with(adviser)
    (replacement,) = away(adviser)

    services.accept_replacement(replacement=replacement, now=NOW)

    message = composed(Message.objects.get(channel="EMAIL"))
    assert "une autre personne vous reçoit" in message.body
    assert "METHOD:REQUEST" in message.attachment


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


def test_closure_of_a_site_proposes_other_slots_to_each(adviser, site):
    OpeningRuleFactory(adviser__site=site)
    booked = booked_with(adviser)
    later = booked_with(adviser, starts_at=NINE + 7 * DAY)

    closure, (replacement,) = services.close_site_and_replace(
        site=site,
        first_on=moved_day("2026-11-30"),
        last_on=moved_day("2026-12-01"),
        reason="",
        by=adviser.user,
        now=NOW,
    )

    booked.refresh_from_db()
    later.refresh_from_db()
    assert (replacement.appointment, replacement.closure) == (booked, closure)
    assert (replacement.state, booked.cancel_reason) == (ReplacementState.SLOTS, CancelReason.SITE_CLOSED)
    assert later.state == AppointmentState.BOOKED


def test_people_told_together_are_spread_over_hours(adviser, site):
    """Two advisers at most are free at an hour: three people are not all proposed the same three hours."""
    OpeningRuleFactory(adviser__site=site, closes=time(20))
    for number in range(3):
        booked_with(adviser, starts_at=NINE + timedelta(minutes=75 * number))

    _, replaced = services.close_site_and_replace(
        site=site,
        first_on=moved_day("2026-11-30"),
        last_on=moved_day("2026-12-01"),
        reason="",
        by=adviser.user,
        now=NOW,
    )

    told = Counter(hour for replacement in replaced for hour in replacement.slots)
    assert [len(replacement.slots) for replacement in replaced] == [3, 3, 3]
    assert max(told.values()) <= 2  # the adviser and the colleague


def test_adviser_who_leaves_is_replaced_for_good(adviser, site):
    colleague = OpeningRuleFactory(adviser__site=site).adviser
    booked_with(adviser)
    booked_with(adviser, starts_at=NINE + 14 * DAY)
    adviser.is_active = False
    adviser.save()

    replaced = services.replace_adviser(adviser=adviser, from_at=NOW, by=colleague.user, now=NOW)

    assert [replacement.colleague for replacement in replaced] == [colleague, colleague]


def test_consequences_shown_are_those_that_happen(adviser, site):
    OpeningRuleFactory(adviser__site=site, closes=NINE.replace(hour=10).time())
    booked_with(adviser)
    booked_with(adviser, starts_at=TEN)
    starts, ends = NINE - timedelta(hours=1), NINE + timedelta(hours=8)

    shown = consequences.consequences(adviser=adviser, starts_at=starts, ends_at=ends, now=NOW)
    before = [(line.colleague, [slot.starts_at for slot in line.slots]) for line in shown]
    after = [(one.colleague, one.slots) for one in away(adviser)]

    assert before == after
