"""What follows a booking: its needs, its reason to end, a mistake undone, another mode."""

import re
from datetime import timedelta

import pytest
from django.test import override_settings

from beneficiaries.request.enums import AccessNeed, RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda import rules, services
from operators.booking.agenda.enums import AppointmentState, CancelledBy, CancelReason
from operators.booking.agenda.errors import (
    AccessNotMet,
    HoldElsewhere,
    SlotTaken,
    TooLateToChange,
    TransitionRefused,
    VideoUnavailable,
)
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AbsenceFactory, AppointmentFactory, OpeningRuleFactory
from tests.messages import composed
from tests.operators.booking.agenda.acts import NINE, TEN, book, cancel, confirm, hold, move
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=1)


def restore(appointment, now=SOON):
    return services.restore_appointment(appointment=appointment, now=now)


def change_mode(appointment, mode, now=NOW):
    return services.change_mode(appointment=appointment, mode=mode, now=now)


def test_needs_of_the_request_are_those_of_the_session():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract, access_needs=[AccessNeed.INTERPRETER])

    booked = book(site, service_request=request)

    assert booked.access_needs == [AccessNeed.INTERPRETER]


def test_needs_said_when_booking_are_kept_even_when_the_hold_expired():
    site = OpeningRuleFactory().site
    held = hold(site, service_request=ServiceRequestFactory(contract=site.contract))
    services.amend_access_needs(appointment=held, access_needs=[AccessNeed.INTERPRETER, AccessNeed.COMPANION])

    booked = confirm(held, BeneficiaryFactory(), now=NOW + timedelta(minutes=30))

    assert booked.access_needs == [AccessNeed.COMPANION, AccessNeed.INTERPRETER]


def test_needs_follow_a_move():
    moved = move(AppointmentFactory(adviser=OpeningRuleFactory().adviser, access_needs=["INTERPRETER"]))

    assert moved.access_needs == ["INTERPRETER"]


@pytest.mark.parametrize("channel", ["PERSON", "INTAKE_OFFICER"])
def test_no_channel_books_steps_for_who_needs_none(channel):
    """One domain function for every channel (RDV-SP 2005)."""
    site = OpeningRuleFactory(site__is_step_free=False, adviser__site__is_step_free=False).site
    request = ServiceRequestFactory(contract=site.contract, access_needs=[AccessNeed.STEP_FREE])

    with pytest.raises(AccessNotMet):
        hold(site, service_request=request, mode="ON_SITE", channel=channel)

    assert hold(site, service_request=request, mode="PHONE").access_needs == [AccessNeed.STEP_FREE]


@pytest.mark.parametrize("mode", ["ON_SITE", "VIDEO"])
@pytest.mark.parametrize("skills", [[], ["EASY_TO_READ"], ["SIGN_LANGUAGE"]])
def test_sign_language_said_once_held_is_met_by_that_adviser_or_refused(mode, skills):
    held = hold(OpeningRuleFactory(adviser__skills=skills).site, mode=mode)

    if skills == ["SIGN_LANGUAGE"]:
        kept = services.amend_access_needs(appointment=held, access_needs=[AccessNeed.SIGN_LANGUAGE])
        assert kept.access_needs == [AccessNeed.SIGN_LANGUAGE]
        return
    with pytest.raises(AccessNotMet, match="le conseiller ne signe pas"):
        services.amend_access_needs(appointment=held, access_needs=[AccessNeed.SIGN_LANGUAGE])
    held.refresh_from_db()
    assert held.access_needs == []


def test_who_signs_leaves_the_relay_for_an_adviser_who_signs_only():
    needs = [AccessNeed.PHONE_RELAY, AccessNeed.SIGN_LANGUAGE]
    booked = AppointmentFactory(adviser=OpeningRuleFactory().adviser, mode="PHONE", access_needs=needs)

    with pytest.raises(AccessNotMet, match="le conseiller ne signe pas"):
        change_mode(booked, "ON_SITE")


def test_booked_needs_are_not_amended_as_a_hold():
    with pytest.raises(TransitionRefused):
        services.amend_access_needs(appointment=AppointmentFactory(), access_needs=[])


def test_reason_of_a_cancellation_is_kept_and_told_to_the_journal():
    """A short list; it decides who could not make it, never a sanction (RDV-SP 2477)."""
    booked = book()

    cancelled = services.cancel_appointment(
        appointment=booked, by=CancelledBy.PERSON, reason=CancelReason.WORK, now=NOW
    )

    line = AuditEvent.objects.get(action="operators.appointment.cancelled")
    assert (cancelled.cancel_reason, line.data) == ("WORK", {"by": "PERSON", "reason": "WORK"})


def test_moves_are_counted_never_limited_and_a_call_is_offered_after_two_rdvi_478():
    """The service is a free choice: no sanction on the person (RDV-I 478, 1279, 401, 2499)."""
    booked = AppointmentFactory(adviser=OpeningRuleFactory().adviser)
    offered = []
    for start in (TEN, NINE, TEN):
        booked = move(booked, start)
        offered.append(rules.offers_a_call(booked))

    booked.moved_from.refresh_from_db()
    assert (booked.move_count, booked.moved_from.cancel_reason) == (3, CancelReason.MOVED)
    assert offered == [False, True, True]


def test_cancellation_by_mistake_is_undone_rdvsp_2538():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    booked = book(site, service_request=request)

    restored = restore(cancel(booked))

    request.refresh_from_db()
    assert (restored.pk, restored.state, restored.cancel_reason) == (booked.pk, "BOOKED", "")
    assert (restored.cancelled_at, restored.cancelled_by) == (None, "")
    assert request.state == RequestState.SCHEDULED
    assert AuditEvent.objects.filter(action="operators.appointment.restored").count() == 1


def test_second_cancellation_after_an_undoing_is_told_too():
    booked = book()
    restore(cancel(booked))

    cancel(booked, now=SOON)

    assert Message.objects.filter(key__startswith="appointment-cancelled", state="DUE").count() == 2


def test_undoing_comes_too_late_once_the_slot_is_taken():
    booked = book()
    cancel(booked)
    hold(booked.site)

    with pytest.raises(SlotTaken) as refusal:
        restore(booked)

    assert refusal.value.nearest[0].starts_at == TEN


def test_undoing_respects_an_absence_laid_meanwhile():
    booked = book()
    cancel(booked)
    AbsenceFactory(adviser=booked.adviser)

    with pytest.raises(SlotTaken):
        restore(booked)


def test_undoing_works_to_the_very_limit_of_changes():
    """Cancelled two hours before the start: the notice counts from there."""
    booked = book()
    limit = rules.change_limit(booked.starts_at)
    cancel(booked, now=limit)

    assert restore(booked, now=limit + timedelta(minutes=1)).state == AppointmentState.BOOKED


@pytest.mark.parametrize("case", ["late", "by_operator", "moved"])
def test_what_cannot_be_undone(case, settings):
    booked = book()
    if case == "moved":
        move(booked)
    else:
        cancel(booked, by=CancelledBy.OPERATOR if case == "by_operator" else CancelledBy.PERSON)
    now = NOW + timedelta(minutes=settings.PORTAL_UNDO_MINUTES) if case == "late" else SOON

    with pytest.raises(TransitionRefused):
        restore(booked, now=now)


def test_video_session_has_a_room_of_its_own():
    """RDV-SP 2176, 4880, 6087, PR 5806: video asked since 2021."""
    site = OpeningRuleFactory().site
    first = confirm(hold(site, mode="VIDEO"), BeneficiaryFactory())
    second = confirm(hold(site, starts_at=TEN, mode="VIDEO"), BeneficiaryFactory())

    rooms = [booked.video_url.removeprefix("https://visio.exemple.example/") for booked in (first, second)]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", room) for room in rooms)  # 128 bits
    assert rooms[0] != rooms[1]
    assert first.video_url in composed(Message.objects.get(key__contains=f"{first.uuid}")).body


def test_no_provider_no_video():
    site = OpeningRuleFactory().site

    with override_settings(PORTAL_VIDEO_URL=""), pytest.raises(VideoUnavailable):
        hold(site, mode="VIDEO")


def test_mode_changes_without_a_new_booking_rdvsp_2176():
    """The mode is on the session (RDV-SP 2176, 4880, 6087)."""
    booked = book()

    changed = change_mode(booked, "VIDEO")

    message = composed(Message.objects.get(key__startswith=f"appointment-changed-{booked.uuid}"))
    assert (changed.pk, changed.mode, changed.starts_at) == (booked.pk, "VIDEO", booked.starts_at)
    assert changed.calendar_sequence == 1
    assert changed.video_url in message.body
    assert AuditEvent.objects.get(action="operators.appointment.mode_changed").data == {"mode": "VIDEO"}


def test_mode_back_on_site_leaves_no_room():
    booked = book()
    change_mode(booked, "VIDEO")

    assert change_mode(booked, "ON_SITE").video_url == ""


def test_mode_that_the_adviser_does_not_offer_then_is_refused():
    booked = book(OpeningRuleFactory(modes=["PHONE"]).site)

    with pytest.raises(TransitionRefused):
        change_mode(booked, "ON_SITE")


def test_mode_needs_a_number_to_call():
    booked = AppointmentFactory(adviser=OpeningRuleFactory().adviser)

    with pytest.raises(TransitionRefused, match="numéro"):
        change_mode(booked, "PHONE")


def test_mode_changes_until_the_one_limit():
    booked = book()

    with pytest.raises(TooLateToChange):
        change_mode(booked, "VIDEO", now=NINE - timedelta(minutes=119))


def test_live_hold_of_another_browser_stands():
    """Whoever only has the reference takes no slot away from the person."""
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    former = hold(site, service_request=request)

    with pytest.raises(HoldElsewhere, match="17"):
        hold(site, starts_at=TEN, service_request=request, replaceable=[])

    assert hold(site, starts_at=TEN, service_request=request, replaceable=[former.uuid]).starts_at == TEN


def test_hold_that_is_over_stops_nobody():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    hold(site, service_request=request)

    later = NOW + timedelta(minutes=10)
    assert hold(site, service_request=request, replaceable=[], now=later).state == AppointmentState.ON_HOLD
