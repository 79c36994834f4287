"""A session that nobody booked: the same rules, and never twice."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from operators.casework.pathways.enums import ClosingOutcome, NextStep, Theme
from operators.casework.pathways.errors import (
    DurationOutOfBounds,
    NextStepMissing,
    OutcomeMissing,
    SessionOverlaps,
    StartBeforeContract,
    StartInTheFuture,
    ThemesMissing,
)
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.services import SessionFacts, log_session, log_unplanned_session
from operators.network.enums import Mode, ServiceLevel
from tests.clock import moved_day
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(hours=8)
CALL = {
    "level": ServiceLevel.ONE,
    "mode": Mode.PHONE,
    "starts_at": MONDAY_NINE,
    "duration_minutes": 30,
    "themes": [Theme.SITUATION],
    "next_step": NextStep.PERSON_ACTS,
}


def log(pathway, **changes):
    return log_unplanned_session(
        **grouped(
            {
                "beneficiary": pathway.beneficiary,
                "adviser": pathway.adviser,
                **CALL,
                "by": pathway.adviser.user,
                "now": NOW,
                **changes,
            },
            facts=SessionFacts,
        )
    )


def test_call_joins_the_open_pathway_and_needs_no_appointment():
    pathway = PathwayFactory()

    session = log(pathway)

    assert (session.pathway, session.appointment, session.is_unplanned) == (pathway, None, True)
    assert (session.adviser, session.site) == (pathway.adviser, pathway.adviser.site)
    line = AuditEvent.objects.get(action="operators.session.unplanned")
    assert (line.actor, line.at, line.target_id, line.data) == (pathway.adviser.user, NOW, session.pk, {})


def test_call_of_somebody_who_waited_enters_and_serves_the_request():
    adviser, person = AdviserFactory(), BeneficiaryFactory()
    asked = ServiceRequestFactory(
        contract=adviser.site.contract, beneficiary=person, state=RequestState.REGISTERED
    )

    session = log_unplanned_session(
        beneficiary=person, adviser=adviser, **grouped(CALL, facts=SessionFacts), by=adviser.user, now=NOW
    )

    asked.refresh_from_db()
    assert asked.state == RequestState.SERVED
    assert session.pathway.entered_on == moved_day("2026-11-30")
    assert session.pathway.service_request == asked


def test_call_closes_the_pathway_with_its_outcome():
    pathway = PathwayFactory()

    log(pathway, next_step=NextStep.CLOSE, outcome=ClosingOutcome.NEED_MET)

    pathway.refresh_from_db()
    assert (pathway.state, pathway.outcome) == ("CLOSED", "NEED_MET")


def test_same_call_is_never_written_twice():
    pathway = PathwayFactory()
    log(pathway)

    with pytest.raises(SessionOverlaps, match="déjà saisie à cette heure"):
        log(pathway, starts_at=MONDAY_NINE + timedelta(minutes=29))

    assert CounsellingSession.objects.count() == 1


def test_next_call_begins_when_the_former_ends():
    pathway = PathwayFactory()
    log(pathway)

    log(pathway, starts_at=MONDAY_NINE + timedelta(minutes=30))

    assert CounsellingSession.objects.count() == 2


@pytest.mark.parametrize("unplanned_first", [True, False])
def test_call_never_overlaps_a_booked_session_of_the_adviser(unplanned_first):
    pathway = PathwayFactory()
    appointment = AppointmentFactory(adviser=pathway.adviser)
    facts = {**CALL, "by": pathway.adviser.user, "now": NOW}

    def of_appointment():
        return log_session(
            appointment=appointment, attendance="ATTENDED", **grouped(facts, facts=SessionFacts)
        )

    acts = [lambda: log(pathway), of_appointment]
    first, second = acts if unplanned_first else acts[::-1]
    first()

    with pytest.raises(SessionOverlaps):
        second()


def test_call_during_a_no_show_is_held():
    pathway = PathwayFactory()
    appointment = AppointmentFactory(adviser=pathway.adviser)
    facts = {**CALL, "themes": [], "next_step": "", "by": pathway.adviser.user, "now": NOW}
    log_session(appointment=appointment, attendance="NO_SHOW", **grouped(facts, facts=SessionFacts))

    assert log(pathway).starts_at == MONDAY_NINE


def test_database_refuses_two_sessions_of_an_adviser_at_once_whatever_the_code_does():
    held = CounsellingSessionFactory()
    another = PathwayFactory(adviser=held.adviser)

    with pytest.raises(IntegrityError, match="session_adviser_never_twice"):
        CounsellingSessionFactory(pathway=another, starts_at=held.starts_at + timedelta(minutes=59))


def test_database_refuses_two_sessions_of_a_person_at_once_whatever_the_code_does():
    held = CounsellingSessionFactory()
    another = AdviserFactory(site=held.site)

    with pytest.raises(IntegrityError, match="session_person_never_twice"):
        CounsellingSessionFactory(pathway=held.pathway, adviser=another, starts_at=held.starts_at)


def test_database_refuses_an_unplanned_session_with_an_appointment():
    appointment = AppointmentFactory()
    pathway = PathwayFactory(adviser=appointment.adviser)

    with pytest.raises(IntegrityError, match="session_unplanned_unbooked"):
        CounsellingSessionFactory(pathway=pathway, appointment=appointment, is_unplanned=True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"starts_at": NOW + timedelta(minutes=1)}, StartInTheFuture),
        ({"starts_at": datetime(2020, 1, 1, tzinfo=UTC)}, StartBeforeContract),
        ({"duration_minutes": 4}, DurationOutOfBounds),
        ({"duration_minutes": 301}, DurationOutOfBounds),
        ({"themes": []}, ThemesMissing),
        ({"next_step": ""}, NextStepMissing),
        ({"next_step": NextStep.CLOSE}, OutcomeMissing),
    ],
)
def test_refusals_write_nothing(changes, refusal):
    pathway = PathwayFactory()

    with pytest.raises(refusal):
        log(pathway, **changes)

    assert CounsellingSession.objects.count() == AuditEvent.objects.count() == 0
