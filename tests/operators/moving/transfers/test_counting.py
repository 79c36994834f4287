"""One person, one entry: what a transfer does to figures, surveys and appointments kept."""

from datetime import timedelta

import pytest

from operators.booking.agenda.enums import AppointmentState
from operators.casework.pathways.enums import Attendance, NextStep, PathwayState, Theme
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import SessionFacts, log_session
from operators.network.enums import Mode, ServiceLevel
from reporting.kpis.models import KpiValue
from reporting.kpis.services import compute_indicators
from reporting.surveys.services import send_due_surveys
from tests.clock import moved, moved_day, present
from tests.factories.operators import MONDAY_NINE, AppointmentFactory, CounsellingSessionFactory
from tests.factories.transfers import received

pytestmark = pytest.mark.django_db
NOW = present()
KNOWN = moved("2026-12-05 04:10")


def log(appointment):
    return log_session(
        appointment=appointment,
        attendance=Attendance.ATTENDED,
        facts=SessionFacts(
            level=ServiceLevel.ONE,
            mode=Mode.ON_SITE,
            starts_at=appointment.starts_at,
            duration_minutes=60,
            themes=[Theme.PROJECT],
            next_step=NextStep.PERSON_ACTS,
        ),
        by=appointment.adviser.user,
        now=appointment.starts_at + timedelta(hours=2),
    )


@pytest.mark.dated
def test_person_received_elsewhere_is_one_entry(pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    there = received(pathway=pathway, adviser=receiver, now=NOW).received_in
    log(AppointmentFactory(adviser=receiver, beneficiary=pathway.beneficiary, starts_at=MONDAY_NINE))

    compute_indicators(known_at=KNOWN, now=KNOWN)

    entered = KpiValue.objects.filter(kpi="entries", period_kind="MONTH")
    assert there.sessions.count() == 1
    assert {
        (value.contract_id, value.period_starts_on): value.numerator for value in entered if value.numerator
    } == {(pathway.contract_id, moved_day("2026-10-01")): 1}


def test_closing_survey_waits_for_the_real_end(pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    received(pathway=pathway, adviser=receiver, now=NOW)

    assert send_due_surveys(now=NOW + timedelta(minutes=5)) == 0


def test_appointment_kept_is_logged_without_reopening(pathway, receiver):
    CounsellingSessionFactory(pathway=pathway)
    kept = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)
    received(pathway=pathway, adviser=receiver, kept=[kept], now=NOW)

    session = log(kept)

    pathway.refresh_from_db()
    kept.refresh_from_db()
    assert session.pathway == pathway
    assert (pathway.state, pathway.outcome) == (PathwayState.CLOSED, "TRANSFERRED")
    assert kept.state == AppointmentState.ATTENDED


def test_person_who_comes_back_by_themselves_goes_on_where_they_were(pathway, receiver):
    """A booking made since the reception: the person is back, the entry is the same."""
    CounsellingSessionFactory(pathway=pathway)
    received(pathway=pathway, adviser=receiver, now=NOW)
    booked = AppointmentFactory(
        adviser=pathway.adviser, beneficiary=pathway.beneficiary, booked_at=NOW + timedelta(days=1)
    )

    session = log(booked)

    pathway.refresh_from_db()
    assert (session.pathway, pathway.state) == (pathway, PathwayState.OPEN)
    assert Pathway.objects.filter(continues__isnull=True).count() == 1
