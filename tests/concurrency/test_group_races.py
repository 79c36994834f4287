"""Real threads on a group session: places are never sold beyond its capacity (RDV-SP PR 3168)."""

import threading
import time
import uuid
from collections import Counter

import pytest
from django.db import connection, transaction

from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import WantedSlot, confirm_hold, hold_slot
from operators.booking.groups import services
from operators.booking.groups.models import GroupPlace
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def ready(session, person=None):
    """The act of one person who asks for a place, everything but the place made beforehand."""
    person = person or BeneficiaryFactory()
    asked = ServiceRequestFactory(contract=session.site.contract, beneficiary=person)
    key = uuid.uuid4()
    return lambda: services.book_place(
        session=session, beneficiary=person, service_request=asked, idempotency_key=key, now=NOW
    )


def test_thirty_people_on_ten_places_are_ten(race):
    for _ in range(5):
        session = GroupSessionFactory(capacity=10)
        acts = [ready(session) for _ in range(30)]

        outcomes = race(*acts)

        assert outcomes == Counter(done=10, SessionFull=20)
        assert GroupPlace.objects.live().filter(session=session).count() == 10


def test_a_place_given_back_while_others_ask_is_sold_once(race):
    for _ in range(10):
        session = GroupSessionFactory(capacity=2)
        leaving = GroupPlaceFactory(session=session)
        GroupPlaceFactory(session=session)

        outcomes = race(
            lambda leaving=leaving: services.cancel_place(place=leaving, by=CancelledBy.PERSON, now=NOW),
            *[ready(session) for _ in range(5)],
        )

        assert outcomes["done"] in {1, 2}
        assert GroupPlace.objects.live().filter(session=session).count() == outcomes["done"]


def test_a_session_cancelled_while_people_join_keeps_nobody(race):
    for _ in range(10):
        session = GroupSessionFactory()

        race(
            lambda session=session: services.cancel_group_session(
                session=session, by=session.adviser.user, now=NOW
            ),
            *[ready(session) for _ in range(5)],
        )

        assert GroupPlace.objects.live().filter(session=session).count() == 0


def test_a_place_given_back_while_the_session_is_cancelled_stays_its_person_s(race):
    """The cancellation waits for the place to be given back, then leaves it as its person left it."""
    session = GroupSessionFactory()
    leaving, staying = GroupPlaceFactory(session=session), GroupPlaceFactory(session=session)
    is_given_back = threading.Event()

    def give_back():
        with transaction.atomic():
            services.cancel_place(place=leaving, by=CancelledBy.PERSON, now=NOW)
            is_given_back.set()
            wait_until_somebody_waits()

    def cancel_all():
        is_given_back.wait(timeout=30)
        services.cancel_group_session(session=session, by=session.adviser.user, now=NOW)

    assert race(give_back, cancel_all) == Counter(done=2)

    leaving.refresh_from_db()
    staying.refresh_from_db()
    assert (leaving.cancelled_by, staying.cancelled_by) == ("PERSON", "OPERATOR")
    compose_all()
    told = dict(Message.objects.values_list("recipient", "body"))
    assert Message.objects.count() == len(told) == 2
    assert "comme vous l’avez demandé" in told[leaving.beneficiary.email]
    assert "Nous avons dû annuler" in told[staying.beneficiary.email]
    assert AuditEvent.objects.get(action="operators.group_session.cancelled").data == {"places": 1}


def wait_until_somebody_waits() -> None:
    """Until another transaction waits for a lock of this one."""
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nobody waited: the test proves nothing")


def test_one_person_asks_for_two_sessions_at_once(race):
    for _ in range(10):
        first = GroupSessionFactory()
        second = GroupSessionFactory(adviser=AdviserFactory(site=first.site))
        person = BeneficiaryFactory()

        outcomes = race(ready(first, person), ready(second, person))

        assert outcomes == Counter(done=1, PersonAlreadyBooked=1)


def test_a_place_against_an_appointment_of_the_same_hour(race):
    """Neither the group nor the agenda knows the other: the database does, both ways."""
    site = OpeningRuleFactory().site
    for _ in range(10):
        session = GroupSessionFactory(adviser=AdviserFactory(site=site))
        person = BeneficiaryFactory()
        asked = ServiceRequestFactory(contract=site.contract, beneficiary=person)
        held = hold_slot(
            service_request=asked,
            contract=site.contract,
            wanted=WantedSlot(site=site, starts_at=at("2026-11-30 09:00"), level="ONE", mode="PHONE"),
            now=NOW,
        )

        outcomes = race(
            ready(session, person),
            lambda held=held, person=person: confirm_hold(
                appointment=held, beneficiary=person, idempotency_key=uuid.uuid4(), now=NOW
            ),
        )

        assert outcomes == Counter(done=1, PersonAlreadyBooked=1)
        booked = Appointment.objects.filter(state=AppointmentState.BOOKED, beneficiary=person).count()
        assert booked + GroupPlace.objects.filter(beneficiary=person).count() == 1
        Appointment.objects.all().delete()
