"""Two advisers, two tabs or two beats at the same instant: one session, one entry, one survey."""

from collections import Counter
from datetime import timedelta

import pytest

from operators.casework.pathways.enums import Attendance, ClosingOutcome, NextStep, PathwayState, Theme
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.services import SessionFacts, log_session, log_unplanned_session
from operators.network.enums import Mode, ServiceLevel
from reporting.surveys.models import Survey
from reporting.surveys.services import send_due_surveys
from tests.factories.operators import (
    MONDAY_NINE,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = MONDAY_NINE + timedelta(hours=8)
ROUNDS = 10


def log(appointment):
    return log_session(
        appointment=appointment,
        attendance=Attendance.ATTENDED,
        facts=SessionFacts(
            level=ServiceLevel.ONE,
            mode=Mode.ON_SITE,
            starts_at=appointment.starts_at,
            duration_minutes=60,
            themes=[Theme.SITUATION],
            next_step=NextStep.NEXT_SESSION,
        ),
        by=appointment.adviser.user,
        now=NOW,
    )


def log_call(pathway):
    return log_unplanned_session(
        beneficiary=pathway.beneficiary,
        adviser=pathway.adviser,
        facts=SessionFacts(
            level=ServiceLevel.ONE,
            mode=Mode.PHONE,
            starts_at=MONDAY_NINE,
            duration_minutes=30,
            themes=[Theme.SITUATION],
            next_step=NextStep.PERSON_ACTS,
        ),
        by=pathway.adviser.user,
        now=NOW,
    )


def test_one_appointment_is_logged_once(race):
    for _ in range(ROUNDS):
        appointment = AppointmentFactory()
        outcomes = race(*[lambda one=appointment: log(one)] * 5)
        assert outcomes == Counter(done=1, AlreadyLogged=4)

    assert CounsellingSession.objects.count() == Pathway.objects.count() == ROUNDS


def test_one_call_is_logged_once(race):
    """A double click on a session without appointment: the exclusion of PostgreSQL is the wall."""
    for _ in range(ROUNDS):
        pathway = PathwayFactory()
        outcomes = race(*[lambda one=pathway: log_call(one)] * 5)
        assert outcomes == Counter(done=1, SessionOverlaps=4)

    assert CounsellingSession.objects.count() == ROUNDS


def test_two_first_sessions_of_a_person_are_one_entry(race):
    """RDV-I 1590, 1593: duplicates break the path."""
    for _ in range(ROUNDS):
        first = AppointmentFactory()
        second = AppointmentFactory(
            adviser=first.adviser,
            beneficiary=first.beneficiary,
            starts_at=MONDAY_NINE + timedelta(hours=2),
        )
        assert race(lambda one=first: log(one), lambda one=second: log(one)) == Counter(done=2)

    assert (CounsellingSession.objects.count(), Pathway.objects.count()) == (2 * ROUNDS, ROUNDS)


def test_two_beats_ask_once(race):
    session = CounsellingSessionFactory()
    Pathway.objects.filter(pk=session.pathway_id).update(
        state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.NEED_MET
    )

    race(*[lambda: send_due_surveys(now=NOW + timedelta(minutes=1))] * 5)

    assert Survey.objects.count() == 1
