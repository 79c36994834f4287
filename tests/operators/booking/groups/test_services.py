"""Places in a meeting: given once, counted by the database, given back, told."""

import uuid
from datetime import timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from cep_portal.messaging.hooks import Told
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.errors import PersonAlreadyBooked
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import free_slots
from operators.booking.agenda.services import WantedSlot, confirm_hold, hold_slot
from operators.booking.groups import services
from operators.booking.groups.errors import PlaceOver, PlaceTwice, SessionFull, SessionInvalid, SessionOver
from operators.booking.groups.models import GroupPlace, GroupSession
from operators.booking.groups.notices import is_coming
from operators.booking.groups.services import MeetingPlan
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.models import SiteClosure
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    SiteFactory,
)
from tests.messages import compose_all, composed
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db
NINE = at("2026-11-30 09:00")


def book(session, *, person=None, key=None, now=NOW):
    person = person or BeneficiaryFactory()
    asked = ServiceRequestFactory(contract=session.site.contract, beneficiary=person)
    return services.book_place(
        session=session,
        beneficiary=person,
        service_request=asked,
        idempotency_key=key or uuid.uuid4(),
        now=now,
    )


def open_session(adviser, **changes):
    facts = {
        "second_adviser": None,
        "site": adviser.site,
        "starts_at": NINE,
        "minutes": 60,
        "topic": "DISCOVER",
        "mode": "ON_SITE",
        "capacity": 10,
        "by": adviser.user,
        "now": NOW,
    }
    return services.open_group_session(adviser=adviser, **grouped({**facts, **changes}, meeting=MeetingPlan))


def test_a_place_is_given_once_and_told_with_a_calendar_file():
    session, person, key = GroupSessionFactory(), BeneficiaryFactory(), uuid.uuid4()

    place = book(session, person=person, key=key)
    again = services.book_place(
        session=session,
        beneficiary=person,
        service_request=place.service_request,
        idempotency_key=key,
        now=NOW,
    )

    assert again == place
    message = composed(Message.objects.get())
    assert (message.subject, message.recipient) == ("Votre rendez-vous du 30 novembre", person.email)
    assert "Découvrir le conseil en évolution professionnelle" in message.body
    assert "DTSTART;TZID=Europe/Paris:20261130T090000" in message.attachment
    assert f"UID:{place.uuid}" in message.attachment
    assert AuditEvent.objects.filter(action="operators.group_place.booked").count() == 1


def test_a_full_session_says_so_and_not_500():
    """RDV-SP PR 3168."""
    session = GroupSessionFactory(capacity=2)
    for _ in range(2):
        book(session)

    with pytest.raises(SessionFull, match="dernière place"):
        book(session)
    assert (GroupPlace.objects.count(), Message.objects.count()) == (2, 2)


def test_a_place_given_back_is_offered_again():
    session = GroupSessionFactory(capacity=2)
    first = book(session)
    book(session)

    services.cancel_place(place=first, by=CancelledBy.PERSON, now=NOW)

    assert book(session).state == "BOOKED"
    assert Message.objects.filter(key__contains="cancelled").count() == 1


@pytest.mark.parametrize(
    "session",
    [
        {"cancelled": True},
        {"state": "HELD"},
        {"starts_at": NOW + timedelta(minutes=119)},
    ],
)
def test_what_is_over_or_too_close_takes_nobody(session):
    with pytest.raises(SessionOver):
        book(GroupSessionFactory(**session))


def test_a_meeting_of_another_operator_takes_nobody():
    session, person = GroupSessionFactory(), BeneficiaryFactory()

    with pytest.raises(SessionOver):
        services.book_place(
            session=session,
            beneficiary=person,
            service_request=ServiceRequestFactory(beneficiary=person),
            idempotency_key=uuid.uuid4(),
            now=NOW,
        )


def test_the_same_person_has_one_place():
    place = book(GroupSessionFactory())

    with pytest.raises(PlaceTwice, match="déjà inscrit"):
        book(place.session, person=place.beneficiary)


def test_the_key_of_somebody_else_opens_nothing():
    place = book(GroupSessionFactory())

    with pytest.raises(PlaceTwice, match="a déjà servi"):
        book(place.session, key=place.idempotency_key)


def test_a_person_booked_at_that_hour_has_no_place():
    booked = AppointmentFactory()

    with pytest.raises(PersonAlreadyBooked):
        book(GroupSessionFactory(), person=booked.beneficiary)


def test_a_person_with_a_place_is_not_booked_at_that_hour():
    site = OpeningRuleFactory().site
    place = book(GroupSessionFactory(adviser=AdviserFactory(site=site)))
    held = hold_slot(
        service_request=place.service_request,
        contract=site.contract,
        wanted=WantedSlot(site=site, starts_at=NINE, level="ONE", mode="PHONE"),
        now=NOW,
    )

    with pytest.raises(PersonAlreadyBooked):
        confirm_hold(appointment=held, beneficiary=place.beneficiary, idempotency_key=uuid.uuid4(), now=NOW)
    assert Appointment.objects.filter(state=AppointmentState.BOOKED).count() == 0


def test_a_place_is_given_back_until_the_meeting_begins():
    place = book(GroupSessionFactory())

    with pytest.raises(PlaceOver):
        services.cancel_place(place=place, by=CancelledBy.PERSON, now=NINE)
    services.cancel_place(place=place, by=CancelledBy.PERSON, now=NINE - timedelta(minutes=1))
    with pytest.raises(PlaceOver):
        services.cancel_place(place=place, by=CancelledBy.PERSON, now=NOW)

    assert AuditEvent.objects.get(action="operators.group_place.cancelled").data == {"by": "PERSON"}


def test_a_meeting_takes_the_adviser_from_the_slots_until_it_is_cancelled():
    rule = OpeningRuleFactory()
    week = {"contract": rule.site.contract, "starts": NOW, "ends": NOW + timedelta(days=8), "now": NOW}

    session = open_session(rule.adviser)
    taken = [slot.starts_at for slot in free_slots(**week)]
    services.cancel_group_session(session=session, by=rule.adviser.user, now=NOW)

    assert taken == [NINE + timedelta(minutes=75)]
    assert [slot.starts_at for slot in free_slots(**week)] == [NINE, NINE + timedelta(minutes=75)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"starts_at": NOW}, "déjà passée"),
        ({"mode": "VIDEO"}, "a un lien"),
        ({"second_adviser": AdviserFactory}, "même organisme"),
        ({"site": SiteFactory}, "même organisme"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(changes, words):
    made = {name: value() if callable(value) else value for name, value in changes.items()}

    with pytest.raises(SessionInvalid, match=words):
        open_session(AdviserFactory(), **made)


def test_a_meeting_over_an_appointment_an_absence_or_a_closure_is_refused():
    taken, away, closed = AppointmentFactory().adviser, AbsenceFactory().adviser, AdviserFactory()
    SiteClosure.objects.create(site=closed.site, first_on=NINE.date(), last_on=NINE.date())

    for adviser, words in ((taken, "déjà pris"), (away, "absent"), (closed, "fermé")):
        with pytest.raises(SessionInvalid, match=words):
            open_session(adviser)
    assert GroupSession.objects.count() == 0


def test_a_hold_that_is_over_is_not_in_the_way():
    held = AppointmentFactory(on_hold=True, hold_expires_at=NOW)

    assert open_session(held.adviser).state == "OPEN"


def test_a_cancelled_meeting_tells_each_person_once():
    session = GroupSessionFactory()
    kept, gone = book(session), book(session)
    services.cancel_place(place=gone, by=CancelledBy.PERSON, now=NOW)

    services.cancel_group_session(session=session, by=session.adviser.user, now=NOW)
    with pytest.raises(SessionOver):
        services.cancel_group_session(session=session, by=session.adviser.user, now=NOW)

    kept.refresh_from_db()
    assert (kept.state, kept.cancelled_by) == ("CANCELLED", "OPERATOR")
    compose_all()
    told = Message.objects.filter(key__contains="cancelled").order_by("pk")
    assert [message.recipient for message in told] == [gone.beneficiary.email, kept.beneficiary.email]
    assert "Nous avons dû annuler" in told[1].body
    assert "METHOD:CANCEL" in told[1].attachment
    assert not is_coming(Told(kept.uuid, version=0, now=NOW))


def test_attendance_is_written_once_begun_and_may_be_corrected():
    session = GroupSessionFactory()
    here, away = book(session), book(session)
    by = session.adviser.user
    with pytest.raises(SessionOver, match="une fois la réunion commencée"):
        services.mark_attendance(session=session, came=[here.uuid], by=by, now=NOW)

    services.mark_attendance(session=session, came=[here.uuid], by=by, now=NINE)
    first = dict(GroupPlace.objects.values_list("uuid", "state"))
    services.mark_attendance(session=session, came=[away.uuid], by=by, now=NINE + timedelta(hours=2))

    assert first == {here.uuid: "ATTENDED", away.uuid: "NO_SHOW"}
    assert dict(GroupPlace.objects.values_list("uuid", "state")) == {
        here.uuid: "NO_SHOW",
        away.uuid: "ATTENDED",
    }
    assert GroupSession.objects.get().state == "HELD"


def test_a_meeting_is_not_a_counselling_session():
    """Not a paid act: no session, no pathway, no appointment, and the request still waits for one."""
    session = GroupSessionFactory()
    place = book(session)
    services.mark_attendance(session=session, came=[place.uuid], by=session.adviser.user, now=NINE)

    counts = [model.objects.count() for model in (CounsellingSession, Pathway, Appointment)]

    place.service_request.refresh_from_db()
    assert (counts, place.service_request.state) == ([0, 0, 0], "REGISTERED")
