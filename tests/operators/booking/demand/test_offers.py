"""Every state of an offer, every act on it: a named transition or a named refusal, nothing else."""

from datetime import time, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.errors import PersonAlreadyBooked, TooManyBookings
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import WantedSlot, confirm_hold, hold_slot, lay_absence
from operators.booking.demand import services
from operators.booking.demand.enums import (
    ALERT_TRANSITIONS,
    CALL_BACK_TRANSITIONS,
    ENTRY_TRANSITIONS,
    OFFER_TRANSITIONS,
    EntryState,
    OfferState,
)
from operators.booking.demand.errors import OfferOver
from operators.booking.demand.models import CallBack, EarlierAlert, SlotOffer, WaitingEntry
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.demand import (
    ASKED,
    CallBackFactory,
    EarlierAlertFactory,
    SlotOfferFactory,
    WaitingEntryFactory,
)
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.messages import composed
from tests.operators.booking.agenda.clock import NOW
from tests.operators.booking.demand.conftest import NINE

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(hours=24)


def in_state(offer, state):
    """Bring an offer to a state by the acts that lead there."""
    if state == OfferState.ACCEPTED:
        services.accept_offer(offer=offer, now=NOW)
    elif state == OfferState.DECLINED:
        services.decline_offer(offer=offer, now=NOW)
    elif state == OfferState.EXPIRED:
        services.settle_offers(now=AFTER)
    elif state == OfferState.WITHDRAWN:
        services.leave_waiting_list(entry=offer.entry, now=NOW)
    offer.refresh_from_db()
    assert offer.state == state
    return offer


ACTS = {
    "accept": lambda offer: services.accept_offer(offer=offer, now=NOW),
    "decline": lambda offer: services.decline_offer(offer=offer, now=NOW),
    "expire": lambda offer: services.settle_offers(now=AFTER),
}
P, A, D, E, W = OfferState
TABLE = {
    (P, "accept"): A,
    (P, "decline"): D,
    (P, "expire"): E,
    (A, "accept"): A,  # the same yes twice is one booking
    (A, "decline"): "Vous avez déjà accepté cette place.",
    (A, "expire"): A,
    (D, "accept"): "Vous avez déjà refusé cette place.",
    (D, "decline"): "Vous avez déjà refusé cette place.",
    (D, "expire"): D,
    (E, "accept"): "Le délai pour répondre est passé : la place est proposée à d’autres.",
    (E, "decline"): "Le délai pour répondre est passé : la place est proposée à d’autres.",
    (E, "expire"): E,
    (W, "accept"): "Cette place n’est plus libre. Rien n’est réservé.",
    (W, "decline"): "Cette place n’est plus libre. Rien n’est réservé.",
    (W, "expire"): W,
}


def test_the_table_of_acts_is_whole():
    assert set(TABLE) == {(state, act) for state in OfferState for act in ACTS}


@pytest.mark.parametrize(("state", "act"), TABLE, ids=str)
def test_each_act_on_each_state_is_written_pretix_1163(offer, state, act):
    """Vouchers reused, people lost between states (pretix 1163, 681, 1031, 2119, 3628, 5188)."""
    expected = TABLE[state, act]
    in_state(offer, state)

    try:
        ACTS[act](offer)
    except OfferOver as refusal:
        found = str(refusal)
    else:
        offer.refresh_from_db()
        found = offer.state

    assert found == expected
    assert Appointment.objects.live().count() == (A in (state, found))


@pytest.mark.parametrize(
    ("transitions", "make", "model"),
    [
        (OFFER_TRANSITIONS, SlotOfferFactory, SlotOffer),
        (ENTRY_TRANSITIONS, WaitingEntryFactory, WaitingEntry),
        (ALERT_TRANSITIONS, EarlierAlertFactory, EarlierAlert),
        (CALL_BACK_TRANSITIONS, CallBackFactory, CallBack),
    ],
    ids=["offer", "entry", "alert", "call-back"],
)
def test_the_database_refuses_every_other_transition(transitions, make, model):
    """Raw SQL, over all pairs of states: the trigger knows the table."""
    allowed = set()
    for old in transitions:
        for new in transitions:
            if old != new and _moves(make, model, old, new):
                allowed.add((old, new))

    assert allowed == {(old, new) for old, ends in transitions.items() for new in ends}


def _moves(make, model, old, new) -> bool:
    """Whether PostgreSQL lets one row go from a state to another; the attempt leaves nothing."""
    table, first = model._meta.db_table, model._meta.get_field("state").default
    reason = (
        ", give_up_reason = CASE WHEN %s = 'GIVEN_UP' THEN 'WRONG_NUMBER' ELSE '' END"
        if model is CallBack
        else ""
    )
    write = f"UPDATE {table} SET state = %s, ended_at = %s{reason} WHERE id = %s"
    with transaction.atomic(), connection.cursor() as cursor:
        row = make()
        try:
            with transaction.atomic():
                if old != first:
                    cursor.execute(write, [old, NOW, *[old][: bool(reason)], row.pk])
                cursor.execute(write, [new, None if new == first else NOW, *[new][: bool(reason)], row.pk])
        except DatabaseError:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def test_accepting_books_exactly_the_slot_offered_rdvsp_3706(offer):
    """The link is spent in the transaction of the booking (RDV-SP 3706)."""
    booked = services.accept_offer(offer=offer, now=NOW)

    again = services.accept_offer(offer=offer, now=NOW)

    assert (booked.pk, booked.state, booked.beneficiary) == (
        offer.appointment_id,
        AppointmentState.BOOKED,
        offer.beneficiary,
    )
    assert again == booked
    assert Appointment.objects.count() == 1


def test_accepting_ends_the_wait_and_confirms(offer):
    services.accept_offer(offer=offer, now=NOW)

    offer.entry.refresh_from_db()
    assert (offer.entry.state, offer.entry.ended_at) == (EntryState.BOOKED, NOW)
    assert Message.objects.filter(key__startswith="appointment-booked").count() == 1
    assert AuditEvent.objects.filter(action="operators.offer.accepted").count() == 1


def test_an_offer_cannot_be_accepted_at_the_hour_it_ends(offer):
    with pytest.raises(OfferOver, match="Le délai pour répondre est passé"):
        services.accept_offer(offer=offer, now=AFTER)


def test_refused_the_slot_passes_to_the_next_with_a_trace(offer, site):
    second = WaitingEntryFactory(site=site, created_at=ASKED + timedelta(hours=1))

    services.decline_offer(offer=offer, now=NOW)
    services.offer_free_slots(contract=site.contract, now=NOW)

    passed = SlotOffer.objects.get(entry=second)
    assert (passed.appointment.starts_at, passed.passed_on_from) == (NINE, offer)


def test_refused_the_place_in_the_list_is_kept(offer):
    services.decline_offer(offer=offer, now=NOW)

    offer.entry.refresh_from_db()
    assert (offer.entry.state, offer.entry.queued_at) == (EntryState.WAITING, ASKED)


def test_unanswered_the_slot_passes_on_and_the_place_becomes_the_last(offer, site):
    second = WaitingEntryFactory(site=site, created_at=ASKED + timedelta(hours=1))

    services.settle_offers(now=AFTER)
    services.offer_free_slots(contract=site.contract, now=AFTER)

    offer.entry.refresh_from_db()
    assert (offer.entry.state, offer.entry.unanswered, offer.entry.queued_at) == (
        EntryState.WAITING,
        1,
        AFTER,
    )
    assert SlotOffer.objects.get(entry=second).passed_on_from == offer


def test_twice_unanswered_the_person_leaves_the_list_and_is_told_how_to_come_back(offer, site):
    later = AFTER
    services.settle_offers(now=later)
    services.offer_free_slots(contract=site.contract, now=later)
    services.settle_offers(now=later + timedelta(hours=24))

    offer.entry.refresh_from_db()
    message = composed(Message.objects.get(key__startswith="waiting-unanswered"))
    assert offer.entry.state == EntryState.UNANSWERED
    assert f"/rien-ne-convient/{offer.entry.service_request.reference}/" in message.body


def test_an_answer_forgives_the_silence_before(offer, site):
    services.settle_offers(now=AFTER)
    services.offer_free_slots(contract=site.contract, now=AFTER)
    second = SlotOffer.objects.get(state=OfferState.PENDING)

    services.decline_offer(offer=second, now=AFTER)

    offer.entry.refresh_from_db()
    assert offer.entry.unanswered == 0


def test_booking_elsewhere_withdraws_the_offer_and_frees_the_slot(offer, site):
    OpeningRuleFactory(adviser__site=site, opens=time(14), closes=time(15))
    held = hold_slot(
        service_request=offer.entry.service_request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=NINE + timedelta(hours=5), level="ONE", mode="ON_SITE"),
        now=NOW,
        channel=Channel.INTAKE_OFFICER,
    )

    confirm_hold(appointment=held, beneficiary=offer.beneficiary, idempotency_key=offer.uuid, now=NOW)

    offer.refresh_from_db()
    offer.entry.refresh_from_db()
    assert (offer.state, offer.entry.state) == (OfferState.WITHDRAWN, EntryState.BOOKED)
    assert Appointment.objects.live().count() == 1


def test_a_booking_ends_the_call_that_was_promised(offer):
    call_back = CallBackFactory(service_request=offer.entry.service_request)

    services.accept_offer(offer=offer, now=NOW)

    call_back.refresh_from_db()
    assert call_back.get_state_display() == "rendez-vous pris entre-temps"


def test_an_absence_on_the_offered_hour_withdraws_it_and_tells(offer):
    adviser = offer.appointment.adviser
    lay_absence(adviser=adviser, starts_at=NINE, ends_at=NINE + timedelta(hours=1), by=adviser.user, now=NOW)

    with pytest.raises(OfferOver, match="Cette place n’est plus libre"):
        services.accept_offer(offer=offer, now=NOW)
    services.settle_offers(now=NOW)

    offer.refresh_from_db()
    offer.entry.refresh_from_db()
    assert (offer.state, offer.entry.state, offer.entry.queued_at) == (
        OfferState.WITHDRAWN,
        EntryState.WAITING,
        ASKED,
    )
    assert Message.objects.filter(key=f"slot-offer-withdrawn:{offer.uuid}").count() == 1


@pytest.mark.parametrize(("days", "refusal"), [((0,), PersonAlreadyBooked), ((1, 2), TooManyBookings)])
def test_a_refused_booking_leaves_the_offer_pending(offer, days, refusal):
    for number in days:
        AppointmentFactory(beneficiary=offer.beneficiary, starts_at=NINE + timedelta(days=number))

    with pytest.raises(refusal):
        services.accept_offer(offer=offer, now=NOW)

    offer.refresh_from_db()
    assert (offer.state, offer.appointment.state) == (OfferState.PENDING, AppointmentState.ON_HOLD)


def test_an_offer_answered_before_it_was_sent_is_not_announced(offer):
    services.decline_offer(offer=offer, now=NOW)
    message = Message.objects.get(key=f"slot-offer:{offer.uuid}")

    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == ("CANCELLED", "NO_LONGER_TRUE")


def test_a_person_has_one_pending_offer_even_in_raw_sql(offer):
    with pytest.raises(IntegrityError, match="offer_one_pending_a_person"), transaction.atomic():
        SlotOfferFactory(
            entry=WaitingEntryFactory(beneficiary=offer.beneficiary), beneficiary=offer.beneficiary
        )


@pytest.mark.parametrize(
    ("change", "wall"),
    [
        ("ended_at = '2100-01-01'", "offer_ended_tells_when"),
        ("booked_id = appointment_id", "offer_booked_when_accepted"),
        ("entry_id = NULL", "offer_is_what|offer_answers_one_wish|Cannot update"),
        ("expires_at = made_at", "offer_is_what|offer_lasts|Cannot update"),
    ],
)
def test_the_database_keeps_an_offer_true(offer, change, wall):
    with (
        pytest.raises(DatabaseError, match=wall),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE operators_slotoffer SET {change} WHERE id = %s", [offer.pk])


def test_an_offer_is_never_deleted(offer):
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        offer.delete()


def test_another_request_of_the_person_never_gets_the_offered_slot_as_its_own_hold(offer, site):
    """Who chooses on the slot page keeps the offer: one never releases the other."""
    request = ServiceRequestFactory(contract=site.contract, beneficiary=offer.beneficiary)
    hold_slot(
        service_request=request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=NINE + timedelta(days=7), level="ONE", mode="ON_SITE"),
        now=NOW,
    )

    offer.appointment.refresh_from_db()
    assert offer.appointment.state == AppointmentState.ON_HOLD


def test_who_accepts_for_the_person_is_in_the_journal(offer):
    officer = UserFactory(role="INTAKE_OFFICER")

    services.accept_offer(offer=offer, now=NOW, actor=officer)

    assert AuditEvent.objects.get(action="operators.offer.accepted").actor == officer
