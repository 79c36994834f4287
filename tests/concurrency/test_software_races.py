"""A software that sends the same act from five workers at once: one key, one act."""

from collections import Counter
from datetime import timedelta

import pytest

from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.services import SessionFacts
from operators.exchange.software.models import KeyUse
from operators.exchange.software.rules import Key, trace_of
from operators.exchange.software.services import log_by_software
from tests.factories.operators import MONDAY_NINE, ApiClientFactory, AppointmentFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = MONDAY_NINE + timedelta(hours=8)


def log(client, appointment, *, key="S-1", minutes=60):
    log_by_software(
        client=client,
        key=Key(key, trace_of(minutes)),
        appointment=appointment,
        attendance="ATTENDED",
        facts=SessionFacts(
            level="ONE",
            mode="ON_SITE",
            starts_at=appointment.starts_at,
            duration_minutes=minutes,
            themes=["PROJECT"],
            next_step="NEXT_SESSION",
            outcome="",
        ),
        cancelled_at=None,
        now=NOW,
    )


@pytest.fixture
def booked():
    appointment = AppointmentFactory()
    return ApiClientFactory(organisation=appointment.site.contract.holder), appointment


def test_same_key_at_once_is_one_session(race, booked):
    """RDV-I 2399: ghost appointments between two systems."""
    outcomes = race(*[lambda: log(*booked)] * 5)

    assert outcomes == Counter(done=5)
    assert (CounsellingSession.objects.count(), KeyUse.objects.count()) == (1, 1)


def test_same_key_with_other_facts_at_once_is_refused_but_for_one(race, booked):
    outcomes = race(*[lambda minutes=minutes: log(*booked, minutes=minutes) for minutes in (30, 45, 60)])

    assert outcomes == Counter(done=1, KeyReused=2)
    assert CounsellingSession.objects.count() == 1


def test_two_keys_at_once_are_one_session_and_a_free_key(race, booked):
    outcomes = race(lambda: log(*booked, key="S-1"), lambda: log(*booked, key="S-2"))

    assert outcomes == Counter(done=1, AlreadyLogged=1)
    assert KeyUse.objects.count() == 1
