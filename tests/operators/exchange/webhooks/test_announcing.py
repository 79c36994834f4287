"""Each fact of an operator is written for its software, in the transaction of the fact, without a name."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from beneficiaries.request import services as requests
from beneficiaries.request.enums import CommuneBasis, Need, Situation, Urgency
from beneficiaries.request.services import RequestFacts
from beneficiaries.request.services.callers import name_person
from cep_portal.common.facts import grouped
from operators.booking.agenda import services as agenda
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.services import WantedSlot
from operators.casework.pathways.enums import (
    Attendance,
    ClosingOutcome,
    CorrectionChannel,
    CorrectionReason,
    NextStep,
    Theme,
)
from operators.casework.pathways.services import (
    SessionFacts,
    close_pathway,
    correct_session,
    log_session,
    log_unplanned_session,
    undo_correction,
    undo_no_show,
)
from operators.exchange.webhooks.enums import CHOSEN_KINDS, EventKind, MessageState
from operators.exchange.webhooks.models import WebhookMessage
from operators.exchange.webhooks.services import announce
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.deliveries import software
from tests.factories.operators import (
    MONDAY_NINE,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory
from tests.factories.transfers import received, receiving_adviser
from tests.factories.webhooks import WebhookMessageFactory, WebhookSubscriptionFactory
from tests.operators.booking.agenda.acts import NINE
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
AFTER = MONDAY_NINE + timedelta(hours=2)
CANARY = "Nolwenn-Canari"


def follower(organisation, **facts):
    return WebhookSubscriptionFactory(organisation=organisation, **facts)


def told() -> list[tuple[str, dict]]:
    """What was written, in order: the type and the data."""
    bodies = [json.loads(message.body) for message in WebhookMessage.objects.order_by("pk")]
    return [(body["type"], body["data"]) for body in bodies]


def log(appointment, **changes):
    facts = {
        "attendance": Attendance.ATTENDED,
        "level": "ONE",
        "mode": "ON_SITE",
        "starts_at": appointment.starts_at,
        "duration_minutes": 60,
        "themes": [Theme.SITUATION],
        "next_step": NextStep.NEXT_SESSION,
        "by": appointment.adviser.user,
        "now": AFTER,
    }
    return log_session(appointment=appointment, **grouped({**facts, **changes}, facts=SessionFacts))


@pytest.fixture
def site():
    return OpeningRuleFactory().site


def book(site, *, starts_at=NINE):
    held = agenda.hold_slot(
        service_request=ServiceRequestFactory(contract=site.contract),
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=starts_at, level="ONE", mode="ON_SITE"),
        now=NOW,
    )
    person = BeneficiaryFactory(first_name=CANARY, last_name=CANARY)
    return agenda.confirm_hold(appointment=held, beneficiary=person, idempotency_key=uuid4(), now=NOW)


def test_booking_move_and_cancellation_are_told(site):
    follower(site.contract.holder)

    booked = book(site)
    moved = agenda.move_appointment(
        appointment=booked,
        site=site,
        starts_at=NINE + timedelta(days=7),
        level="ONE",
        mode="ON_SITE",
        now=NOW,
    )
    agenda.cancel_appointment(appointment=moved, by=CancelledBy.PERSON, now=NOW)

    assert told() == [
        ("appointment.booked", {"id": str(booked.uuid), "state": "BOOKED"}),
        (
            "appointment.moved",
            {"id": str(moved.uuid), "state": "BOOKED", "moved_from": str(booked.uuid)},
        ),
        ("appointment.cancelled", {"id": str(moved.uuid), "state": "CANCELLED"}),
    ]
    assert not WebhookMessage.objects.filter(body__contains=CANARY).exists()


def test_session_that_enters_and_closes_a_pathway_is_told():
    appointment = AppointmentFactory(service_request=ServiceRequestFactory(), beneficiary__first_name=CANARY)
    follower(appointment.site.contract.holder)

    session = log(appointment, next_step=NextStep.CLOSE, outcome=ClosingOutcome.NEED_MET)

    pathway = str(session.pathway.uuid)
    assert told() == [
        ("pathway.entered", {"id": pathway, "state": "OPEN"}),
        (
            "session.logged",
            {"id": str(session.uuid), "pathway": pathway, "appointment": str(appointment.uuid)},
        ),
        ("appointment.attended", {"id": str(appointment.uuid), "state": "ATTENDED"}),
        ("pathway.closed", {"id": pathway, "state": "CLOSED"}),
    ]
    assert not WebhookMessage.objects.filter(body__contains=CANARY).exists()


@pytest.mark.parametrize(
    ("attendance", "kind", "state"),
    [
        (Attendance.NO_SHOW, "appointment.no_show", "NO_SHOW"),
        (Attendance.CANCELLED_BY_PERSON, "appointment.cancelled", "CANCELLED"),
        (Attendance.CANCELLED_BY_OPERATOR, "appointment.cancelled", "CANCELLED"),
    ],
)
def test_appointment_not_held_is_told(attendance, kind, state):
    appointment = AppointmentFactory()
    follower(appointment.site.contract.holder)

    log(appointment, attendance=attendance, next_step=NextStep.NEXT_SESSION)

    assert told() == [(kind, {"id": str(appointment.uuid), "state": state})]


def test_no_show_taken_back_is_told():
    appointment = AppointmentFactory()
    log(appointment, attendance=Attendance.NO_SHOW, next_step=NextStep.NEXT_SESSION)
    follower(appointment.site.contract.holder)

    undo_no_show(appointment=appointment, by=appointment.adviser.user, now=AFTER + timedelta(minutes=1))

    assert told() == [("appointment.restored", {"id": str(appointment.uuid), "state": "BOOKED"})]


def test_correction_of_a_session_and_its_undo_are_told():
    appointment = AppointmentFactory(service_request=ServiceRequestFactory())
    session, by = log(appointment), appointment.adviser.user
    follower(appointment.site.contract.holder)
    facts = SessionFacts(
        level="ONE",
        mode="ON_SITE",
        starts_at=session.starts_at,
        duration_minutes=45,
        themes=[Theme.SITUATION],
        next_step=NextStep.NEXT_SESSION,
    )

    correction = correct_session(
        session=session,
        facts=facts,
        reason=CorrectionReason.ENTRY_ERROR,
        channel=CorrectionChannel.PAGE,
        by=by,
        now=AFTER,
    )
    undo_correction(correction=correction, by=by, now=AFTER + timedelta(minutes=1))

    data = {
        "id": str(session.uuid),
        "pathway": str(session.pathway.uuid),
        "appointment": str(appointment.uuid),
    }
    assert told() == [("session.corrected", data)] * 2


def test_unplanned_session_that_reopens_a_pathway_is_told():
    closed = PathwayFactory(state="CLOSED", closed_at=MONDAY_NINE, outcome=ClosingOutcome.NEED_MET)
    follower(closed.contract.holder)

    session = log_unplanned_session(
        beneficiary=closed.beneficiary,
        adviser=closed.adviser,
        facts=SessionFacts(
            level="ONE",
            mode="PHONE",
            starts_at=AFTER,
            duration_minutes=30,
            themes=[Theme.SITUATION],
            next_step=NextStep.NEXT_SESSION,
        ),
        by=closed.adviser.user,
        now=AFTER + timedelta(hours=1),
    )

    pathway = str(closed.uuid)
    assert told() == [
        ("pathway.reopened", {"id": pathway, "state": "OPEN"}),
        ("session.logged", {"id": str(session.uuid), "pathway": pathway, "appointment": None}),
    ]


def test_pathway_closed_from_its_file_is_told():
    pathway = PathwayFactory()
    follower(pathway.contract.holder)

    close_pathway(pathway=pathway, outcome=ClosingOutcome.NEED_MET, by=pathway.adviser.user, now=AFTER)

    assert told() == [("pathway.closed", {"id": str(pathway.uuid), "state": "CLOSED"})]


def test_transfer_is_told_to_both_operators_each_its_own():
    adviser, pathway = receiving_adviser(), PathwayFactory()
    former = follower(pathway.contract.holder)
    present = follower(adviser.site.contract.holder)

    transfer = received(pathway=pathway, adviser=adviser)

    written = WebhookMessage.objects.order_by("subscription")
    assert [(message.subscription, message.kind) for message in written] == [
        (former, EventKind.PATHWAY_CLOSED),
        (present, EventKind.PATHWAY_CONTINUED),
    ]
    ids = [json.loads(message.body)["data"]["id"] for message in written]
    assert ids == [str(pathway.uuid), str(transfer.received_in.uuid)]


def test_request_is_told_once_it_has_its_person():
    """Nobody's software is told of a request that nobody can answer (ADR 0050)."""
    commune = CommuneFactory()
    contract = ContractFactory(lot__regions=[commune.department.region])
    follower(contract.holder)
    answers = {
        "situation": Situation.EMPLOYEE,
        "commune": commune,
        "commune_basis": CommuneBasis.HOME,
        "needs": [Need.TAKE_STOCK],
        "urgency": Urgency.NO_HURRY,
        "access_needs": [],
        "key": uuid4(),
        "now": NOW,
    }

    first, second = (requests.register_request(**grouped(answers, facts=RequestFacts)) for _ in range(2))

    assert first == second
    assert told() == []
    name = {"first_name": CANARY, "last_name": CANARY, "email": "n@exemple.example", "phone": ""}
    for _ in range(2):
        name_person(service_request=first, by=None, now=NOW, **name)
    assert told() == [("request.registered", {"reference": first.reference, "state": "REGISTERED"})]


def test_delivery_read_is_told_and_its_lines_are_not():
    """The operator sent them: it has nothing to learn of each."""
    operator = software()
    follower(operator.organisation)

    delivery = operator.send(*operator.road())

    assert told() == [("delivery.finished", {"id": str(delivery.uuid), "state": "DONE", "is_trial": False})]


def test_delivery_refused_is_told():
    operator = software()
    follower(operator.organisation)

    delivery = operator.send_bytes(b"neither;a;header\n")

    assert told() == [
        ("delivery.finished", {"id": str(delivery.uuid), "state": "REFUSED", "is_trial": False})
    ]


def test_only_own_followers_of_that_event_are_told(site):
    wanted = follower(site.contract.holder, kinds=["APPOINTMENT_BOOKED", "PATHWAY_CLOSED"])
    waiting = follower(site.contract.holder, suspended=True)
    follower(site.contract.holder, kinds=["PATHWAY_CLOSED"])
    follower(SiteFactory().contract.holder)

    book(site)

    written = WebhookMessage.objects.order_by("subscription")
    assert [message.subscription for message in written] == [wanted, waiting]
    assert {message.event for message in written} == {written[0].event}
    assert {message.state for message in written} == {MessageState.PENDING}


def test_ended_subscription_is_told_nothing(site):
    one = follower(site.contract.holder)
    one.state, one.ended_at, one.key_id, one.sealed = "ENDED", NOW, "", b""
    one.save()

    book(site)

    assert told() == []


def test_fact_undone_is_told_to_nobody(site):
    follower(site.contract.holder)

    @transaction.atomic
    def undone():
        book(site)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()

    assert told() == []


def test_same_fact_told_twice_is_one_event(site):
    follower(site.contract.holder)

    for _ in range(2):
        announce(kind=EventKind.PATHWAY_CLOSED, data={"id": "a"}, contract_id=site.contract_id, now=NOW)

    assert WebhookMessage.objects.count() == 1


def test_event_is_once_a_subscription_in_the_database():
    message = WebhookMessageFactory()

    with pytest.raises(IntegrityError, match="webhook_event_once"), transaction.atomic():
        WebhookMessageFactory(subscription=message.subscription, event=message.event)


def test_fact_costs_one_statement(site, django_assert_num_queries):
    follower(site.contract.holder)

    with django_assert_num_queries(1):
        announce(kind=EventKind.PATHWAY_CLOSED, data={"id": "a"}, contract_id=site.contract_id, now=NOW)


def test_body_is_what_a_software_expects():
    holder = ContractFactory().holder
    follower(holder)

    announce(kind=EventKind.DELIVERY_FINISHED, data={"id": "é"}, organisation_id=holder.pk, now=NOW)

    message = WebhookMessage.objects.get()
    assert message.body == (
        '{"type":"delivery.finished","timestamp":"2026-11-23T16:00:00+00:00","data":{"id":"é"}}'
    )
    assert isinstance(message.event, UUID)


def test_every_chosen_kind_has_a_name_and_fits_its_column():
    kinds = [EventKind(value) for value, _label in CHOSEN_KINDS]

    assert EventKind.TEST not in kinds
    assert sorted(kind.name_on_wire for kind in kinds) == [
        "appointment.attended",
        "appointment.booked",
        "appointment.cancelled",
        "appointment.moved",
        "appointment.no_show",
        "appointment.restored",
        "delivery.finished",
        "pathway.closed",
        "pathway.continued",
        "pathway.entered",
        "pathway.reopened",
        "request.registered",
        "session.corrected",
        "session.logged",
    ]
