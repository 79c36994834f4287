import uuid
from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.agenda import services
from operators.agenda.enums import APPOINTMENT_TRANSITIONS, AppointmentState, CancelledBy, Channel
from operators.agenda.errors import (
    PersonAlreadyBooked,
    SlotTaken,
    TooLateToChange,
    TooManyBookings,
    TransitionRefused,
)
from operators.agenda.models import Appointment
from operators.agenda.rules import may_become
from operators.agenda.services import bookings
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AbsenceFactory, AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
NINE = at("2026-11-30 09:00")
TEN = NINE + timedelta(minutes=75)


def hold(site, *, starts_at=NINE, service_request=None, now=NOW, **choices):
    return services.hold_slot(
        service_request=service_request,
        contract=site.contract,
        site=site,
        starts_at=starts_at,
        now=now,
        **{"level": "ONE", "mode": "PHONE", **choices},
    )


def confirm(held, person, *, key=None, now=NOW):
    return services.confirm_hold(
        appointment=held, beneficiary=person, idempotency_key=key or uuid.uuid4(), now=now
    )


def book(site=None, *, starts_at=NINE, person=None, service_request=None):
    site = site or OpeningRuleFactory().site
    held = hold(site, starts_at=starts_at, service_request=service_request)
    return confirm(held, person or BeneficiaryFactory())


def move(booked, starts_at=TEN, now=NOW):
    return services.move_appointment(
        appointment=booked, site=booked.site, starts_at=starts_at, level="ONE", mode="PHONE", now=now
    )


def cancel(booked, by=CancelledBy.PERSON, now=NOW):
    return services.cancel_appointment(appointment=booked, by=by, now=now)


def test_hold_keeps_the_slot_with_its_buffer_for_ten_minutes():
    rule = OpeningRuleFactory()

    held = hold(rule.site, channel=Channel.INTAKE_OFFICER)

    assert (held.state, held.adviser, held.channel) == ("ON_HOLD", rule.adviser, "INTAKE_OFFICER")
    assert held.ends_at - held.starts_at == timedelta(minutes=60)
    assert held.busy_period.upper - held.starts_at == timedelta(minutes=75)
    assert held.hold_expires_at == NOW + timedelta(minutes=10)


def test_least_loaded_adviser_of_the_week_then_lowest_id():
    site = SiteFactory()
    first, second, third = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(3))
    AppointmentFactory(adviser=first, starts_at=at("2026-12-02 09:00"))
    AppointmentFactory(adviser=second, starts_at=at("2026-12-09 09:00"))  # another week

    assert [hold(site).adviser, hold(site).adviser, hold(site).adviser] == [second, third, first]


def test_known_adviser_comes_first():
    site = SiteFactory()
    OpeningRuleFactory(adviser__site=site)
    known = OpeningRuleFactory(adviser__site=site).adviser
    person = BeneficiaryFactory()
    AppointmentFactory(
        adviser=known, beneficiary=person, state=AppointmentState.ATTENDED, starts_at=at("2026-11-25 09:00")
    )
    AppointmentFactory(adviser=known, starts_at=at("2026-12-01 09:00"))

    assert hold(site, service_request=ServiceRequestFactory(beneficiary=person)).adviser == known


def test_taken_slot_is_refused_with_the_three_nearest():
    rule = OpeningRuleFactory()
    OpeningRuleFactory(adviser=rule.adviser, weekday=2)
    hold(rule.site)

    with pytest.raises(SlotTaken) as refusal:
        hold(rule.site)

    assert [slot.starts_at for slot in refusal.value.nearest] == [
        TEN,
        at("2026-12-01 09:00"),
        at("2026-12-01 10:15"),
    ]


@pytest.mark.parametrize(
    "choices",
    [
        {"starts_at": NINE + timedelta(minutes=5)},  # off the grid
        {"starts_at": at("2026-12-01 09:00")},  # closed that day
        {"level": "TWO"},
        {"mode": "VIDEO"},
        {"now": NINE - timedelta(minutes=119)},  # notice too short
    ],
)
def test_hold_outside_the_openings_is_refused(choices):
    rule = OpeningRuleFactory(levels=["ONE"], modes=["PHONE"])

    with pytest.raises(SlotTaken):
        hold(rule.site, **choices)

    assert Appointment.objects.count() == 0


def test_hold_during_an_absence_is_refused():
    rule = OpeningRuleFactory()
    AbsenceFactory(adviser=rule.adviser)

    with pytest.raises(SlotTaken):
        hold(rule.site)


def test_new_hold_releases_the_former_even_over_the_same_hour():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    former = hold(site, service_request=request)

    again = hold(site, service_request=request)

    former.refresh_from_db()
    assert (former.state, again.state) == (AppointmentState.EXPIRED, AppointmentState.ON_HOLD)


def test_refused_hold_leaves_the_former_one():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    former = hold(site, service_request=request)
    hold(site, starts_at=TEN)

    with pytest.raises(SlotTaken):
        hold(site, starts_at=TEN, service_request=request)

    former.refresh_from_db()
    assert former.state == AppointmentState.ON_HOLD


def test_stale_hold_gives_way():
    site = OpeningRuleFactory().site
    stale = hold(site)

    hold(site, now=NOW + timedelta(minutes=10))

    stale.refresh_from_db()
    assert stale.state == AppointmentState.EXPIRED


def test_confirmation_books_marks_the_request_audits_and_writes():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    person = BeneficiaryFactory()

    booked = book(site, person=person, service_request=request)

    request.refresh_from_db()
    message = Message.objects.get()
    assert (booked.state, booked.beneficiary, booked.booked_at) == ("BOOKED", person, NOW)
    assert request.state == RequestState.SCHEDULED
    assert AuditEvent.objects.filter(action="operators.appointment.booked", target_id=booked.pk).count() == 1
    assert (message.recipient, message.subject) == (person.email, "Votre rendez-vous du 30 novembre")
    assert "lundi 30 novembre 2026 à 9\xa0h (heure de Paris)" in message.body
    assert "jusqu’au lundi 30 novembre 2026 à 7\xa0h (heure de Paris)" in message.body


def test_same_key_twice_is_one_booking_and_one_message():
    held, person, key = hold(OpeningRuleFactory().site), BeneficiaryFactory(), uuid.uuid4()

    first, second = confirm(held, person, key=key), confirm(held, person, key=key)

    assert first == second
    assert Message.objects.count() == 1


def test_expired_hold_is_taken_again_when_still_free():
    held = hold(OpeningRuleFactory().site)

    booked = confirm(held, BeneficiaryFactory(), now=NOW + timedelta(minutes=30))

    assert booked.pk != held.pk
    assert booked.state == AppointmentState.BOOKED


def test_expired_hold_of_a_slot_gone_meanwhile_is_refused():
    site, later = OpeningRuleFactory().site, NOW + timedelta(minutes=30)
    held = hold(site)
    hold(site, now=later)

    with pytest.raises(SlotTaken):
        confirm(held, BeneficiaryFactory(), now=later)


def test_person_is_never_booked_twice_at_one_hour():
    site, person = SiteFactory(), BeneficiaryFactory()
    for _ in range(2):
        OpeningRuleFactory(adviser__site=site)
    book(site, person=person)

    with pytest.raises(PersonAlreadyBooked):
        book(site, person=person)


def test_two_open_bookings_at_most():
    rule, person = OpeningRuleFactory(), BeneficiaryFactory()
    AppointmentFactory(beneficiary=person, starts_at=at("2026-12-03 09:00"))
    AppointmentFactory(beneficiary=person, starts_at=at("2026-12-04 09:00"))

    with pytest.raises(TooManyBookings):
        book(rule.site, person=person)


def test_cancelled_appointment_cannot_be_confirmed_again():
    booked = book()
    cancel(booked)

    with pytest.raises(TransitionRefused):
        confirm(booked, BeneficiaryFactory())


@pytest.mark.parametrize("by", CancelledBy)
def test_cancelling_tells_who_frees_the_slot_and_reopens_the_request(by):
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    booked = book(site, service_request=request)

    cancelled = cancel(booked, by=by)

    request.refresh_from_db()
    assert (cancelled.state, cancelled.cancelled_by, cancelled.cancelled_at) == ("CANCELLED", by, NOW)
    assert request.state == RequestState.REGISTERED
    assert hours(site.contract)[0] == "2026-11-30 09:00"
    assert Message.objects.filter(key=f"appointment-cancelled-{booked.uuid}").count() == 1
    assert AuditEvent.objects.filter(action="operators.appointment.cancelled").count() == 1


def test_request_stays_scheduled_while_another_appointment_is_coming():
    site = OpeningRuleFactory().site
    request, person = ServiceRequestFactory(contract=site.contract), BeneficiaryFactory()
    first = book(site, person=person, service_request=request)
    book(site, person=person, service_request=request, starts_at=TEN)

    cancel(first)

    request.refresh_from_db()
    assert request.state == RequestState.SCHEDULED


@pytest.mark.parametrize("act", [cancel, move])
def test_one_limit_for_cancel_and_move_rdvsp_4453(act):
    """Two hours before, to the second; the service itself may cancel later."""
    booked = book()
    limit = NINE - timedelta(hours=2)

    with pytest.raises(TooLateToChange):
        act(booked, now=limit + timedelta(seconds=1))

    act(booked, now=limit - timedelta(minutes=50))


def test_the_service_may_cancel_after_the_limit():
    assert cancel(book(), by=CancelledBy.OPERATOR, now=NINE).state == AppointmentState.CANCELLED


def test_move_keeps_the_adviser_and_tells_once():
    site = SiteFactory()
    _other, adviser = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(2))
    booked = AppointmentFactory(adviser=adviser)
    AppointmentFactory(adviser=adviser, starts_at=at("2026-12-02 09:00"))  # now the most loaded

    moved = move(booked)

    booked.refresh_from_db()
    assert (booked.state, booked.cancelled_by) == (AppointmentState.CANCELLED, CancelledBy.PERSON)
    assert (moved.state, moved.starts_at, moved.adviser) == (AppointmentState.BOOKED, TEN, adviser)
    assert (moved.moved_from, moved.calendar_sequence) == (booked, 1)
    assert [message.key for message in Message.objects.all()] == [f"appointment-moved-{moved.uuid}"]


def test_move_by_less_than_the_session_does_not_meet_itself():
    rule = OpeningRuleFactory(slot_minutes=60, buffer_minutes=0)
    OpeningRuleFactory(adviser=rule.adviser, opens=NINE.replace(hour=9, minute=30).time())
    booked = book(rule.site)

    assert move(booked, NINE + timedelta(minutes=30)).state == AppointmentState.BOOKED


def test_move_to_a_taken_slot_keeps_the_old_one():
    booked = book()
    AppointmentFactory(adviser=booked.adviser, starts_at=TEN)

    with pytest.raises(SlotTaken):
        move(booked)

    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_move_checks_the_length_of_the_new_slot_rdvsp_pr_5241():
    """Ten o'clock is free for half an hour only: an hour is not accepted there."""
    booked = book()
    AbsenceFactory(
        adviser=booked.adviser,
        period=(TEN + timedelta(minutes=30), TEN + timedelta(minutes=90)),
    )

    with pytest.raises(SlotTaken):
        move(booked)


def test_held_slot_is_expired_by_the_task_only_when_over():
    site = OpeningRuleFactory().site
    over, live = hold(site), hold(site, starts_at=TEN)
    Appointment.objects.filter(pk=over.pk).update(hold_expires_at=NOW)

    assert services.expire_holds(now=NOW) == 1
    assert services.expire_holds(now=NOW) == 0

    over.refresh_from_db()
    live.refresh_from_db()
    assert (over.state, live.state) == (AppointmentState.EXPIRED, AppointmentState.ON_HOLD)


def test_released_hold_is_free_at_once():
    site = OpeningRuleFactory().site

    services.release_hold(appointment=hold(site))

    assert hold(site).state == AppointmentState.ON_HOLD


@pytest.mark.parametrize("state", AppointmentState)
@pytest.mark.parametrize("target", AppointmentState)
def test_transitions_are_those_of_the_table(state, target):
    allowed = {
        ("ON_HOLD", "BOOKED"),
        ("ON_HOLD", "EXPIRED"),
        ("BOOKED", "ATTENDED"),
        ("BOOKED", "NO_SHOW"),
        ("BOOKED", "CANCELLED"),
    }

    assert may_become(state, target) is ((state, target) in allowed)
    assert set(APPOINTMENT_TRANSITIONS) == set(AppointmentState)


@pytest.mark.parametrize("state", ["ATTENDED", "NO_SHOW"])
def test_what_is_over_is_neither_cancelled_nor_moved(state):
    rule = OpeningRuleFactory()
    over = AppointmentFactory(adviser=rule.adviser, state=state)

    with pytest.raises(TransitionRefused):
        cancel(over)
    with pytest.raises(TransitionRefused):
        move(over)


@pytest.mark.parametrize("same_person", [True, False])
def test_key_of_another_booking_opens_nothing(same_person):
    """A key is typed by the browser: it must never answer with somebody else's appointment."""
    site, key, person = OpeningRuleFactory().site, uuid.uuid4(), BeneficiaryFactory()
    confirm(hold(site, service_request=ServiceRequestFactory(contract=site.contract)), person, key=key)
    other = hold(site, starts_at=TEN, service_request=ServiceRequestFactory(contract=site.contract))

    with pytest.raises(TransitionRefused):
        confirm(other, person if same_person else BeneficiaryFactory(), key=key)

    assert Appointment.objects.get(pk=other.pk).state == AppointmentState.ON_HOLD


def test_move_to_a_site_of_another_contract_is_refused():
    booked, elsewhere = book(), OpeningRuleFactory().site

    with pytest.raises(SlotTaken):
        services.move_appointment(
            appointment=booked, site=elsewhere, starts_at=TEN, level="ONE", mode="PHONE", now=NOW
        )

    assert Appointment.objects.get().state == AppointmentState.BOOKED


def test_one_key_sent_by_two_people_at_once_is_refused_in_words():
    """Both looked for the key before either wrote it: the column has the last word."""
    first, second = AppointmentFactory(idempotency_key=uuid.uuid4()), AppointmentFactory()
    second.idempotency_key = first.idempotency_key

    with pytest.raises(TransitionRefused):
        bookings._save_for_person(second, ["idempotency_key"])
