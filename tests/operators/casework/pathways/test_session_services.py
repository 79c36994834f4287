from datetime import timedelta

import pytest

from beneficiaries.request.enums import RequestState
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.casework.pathways.enums import Attendance, ClosingOutcome, NextStep, PathwayState, Theme
from operators.casework.pathways.errors import (
    AlreadyLogged,
    DurationOutOfBounds,
    NextStepMissing,
    NothingToClose,
    NotStartedYet,
    OutcomeMissing,
    OutcomeWithoutClosing,
    PathwayAlreadyClosed,
    StartInTheFuture,
    StartOnAnotherDay,
    ThemesMissing,
)
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.pathways.services import SessionFacts, close_pathway, log_session
from operators.network.enums import Mode, ServiceLevel
from tests.clock import moved, moved_day
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
    SiteFactory,
)

pytestmark = pytest.mark.django_db
NOW = MONDAY_NINE + timedelta(hours=2)


def log(appointment, **changes):
    """The ordinary case: the person came, on time, for an hour."""
    facts = {
        "attendance": Attendance.ATTENDED,
        "level": ServiceLevel.ONE,
        "mode": Mode.ON_SITE,
        "starts_at": appointment.starts_at,
        "duration_minutes": 60,
        "themes": [Theme.SITUATION],
        "next_step": NextStep.NEXT_SESSION,
        "by": appointment.adviser.user,
        "now": NOW,
    }
    return log_session(appointment=appointment, **grouped({**facts, **changes}, facts=SessionFacts))


def asked_appointment(**traits):
    """A booked appointment that answers a request."""
    appointment = AppointmentFactory(**traits)
    appointment.service_request = ServiceRequestFactory(
        contract=appointment.site.contract,
        beneficiary=appointment.beneficiary,
        state=RequestState.SCHEDULED,
    )
    appointment.save()
    return appointment


def closed_pathway(appointment, *, closed_at):
    return PathwayFactory(
        adviser=appointment.adviser,
        beneficiary=appointment.beneficiary,
        state=PathwayState.CLOSED,
        closed_at=closed_at,
        outcome=ClosingOutcome.NEED_MET,
    )


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_first_session_opens_the_pathway():
    appointment = asked_appointment()

    session = log(appointment, level=ServiceLevel.TWO, mode=Mode.PHONE, duration_minutes=45)

    appointment.refresh_from_db()
    appointment.service_request.refresh_from_db()
    session.refresh_from_db()
    assert appointment.state == AppointmentState.ATTENDED
    assert appointment.service_request.state == RequestState.SERVED
    assert (session.level, session.mode, session.duration_minutes) == ("TWO", "PHONE", 45)
    assert (session.starts_at, session.recorded_at) == (MONDAY_NINE, NOW)
    assert session.pathway.entered_on == session.held_on == moved_day("2026-11-30")
    assert session.pathway.service_request == appointment.service_request
    assert session.pathway.region.code == "53"
    assert session.pathway.state == PathwayState.OPEN
    assert actions() == [
        "operators.pathway.entered",
        "beneficiaries.request.served",
        "operators.appointment.logged",
    ]


def test_audit_line_tells_who_and_what():
    appointment = AppointmentFactory()

    session = log(appointment)

    line = AuditEvent.objects.get(action="operators.appointment.logged")
    assert (line.actor, line.at, line.target_id) == (appointment.adviser.user, NOW, appointment.pk)
    assert line.data == {"attendance": "ATTENDED", "session": str(session.uuid)}


def test_second_session_joins_the_open_pathway():
    """RDV-I 1590, 1593: duplicates break the path."""
    pathway = PathwayFactory()
    appointment = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)

    session = log(appointment, level=ServiceLevel.TWO)

    assert session.pathway == pathway
    assert Pathway.objects.get().entered_on == moved_day("2026-10-05")


def test_returning_person_is_counted_once():
    appointment = AppointmentFactory()
    pathway = closed_pathway(appointment, closed_at=MONDAY_NINE - timedelta(days=20))

    session = log(appointment)

    pathway.refresh_from_db()
    assert session.pathway == pathway
    assert (pathway.state, pathway.closed_at, pathway.outcome) == (PathwayState.OPEN, None, "")
    assert pathway.entered_on == moved_day("2026-10-05")
    assert Pathway.objects.count() == 1
    assert actions() == ["operators.pathway.reopened", "operators.appointment.logged"]


def test_late_log_of_an_earlier_session_reopens_nothing():
    appointment = AppointmentFactory()
    pathway = closed_pathway(appointment, closed_at=MONDAY_NINE + timedelta(hours=1, minutes=30))

    log(appointment)

    pathway.refresh_from_db()
    assert pathway.state == PathwayState.CLOSED


def test_entry_is_the_first_session_whatever_the_order_of_logs():
    pathway = PathwayFactory(entered_on=moved_day("2026-12-03"))
    appointment = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)

    log(appointment)

    pathway.refresh_from_db()
    assert pathway.entered_on == moved_day("2026-11-30")


def test_session_of_the_evening_in_la_reunion_is_of_the_next_day():
    adviser = AdviserFactory(site=SiteFactory(reunion=True))
    starts = moved("2026-11-30 23:00")  # 2:00 on 1 December in La Réunion
    appointment = AppointmentFactory(adviser=adviser, starts_at=starts)

    session = log(appointment, now=starts + timedelta(hours=1))

    session.refresh_from_db()
    assert session.held_on == session.pathway.entered_on == moved_day("2026-12-01")
    assert session.pathway.region.code == "04"


def test_closing_with_the_last_session():
    session = log(AppointmentFactory(), next_step=NextStep.CLOSE, outcome=ClosingOutcome.PROJECT_READY)

    pathway = Pathway.objects.get()
    assert session.next_step == NextStep.CLOSE
    assert (pathway.state, pathway.closed_at, pathway.outcome) == ("CLOSED", NOW, "PROJECT_READY")
    assert actions()[-1] == "operators.pathway.closed"


@pytest.mark.parametrize(
    ("attendance", "state", "cancelled_by"),
    [
        (Attendance.NO_SHOW, AppointmentState.NO_SHOW, ""),
        (Attendance.CANCELLED_BY_PERSON, AppointmentState.CANCELLED, CancelledBy.PERSON),
        (Attendance.CANCELLED_BY_OPERATOR, AppointmentState.CANCELLED, CancelledBy.OPERATOR),
    ],
)
def test_session_not_held_writes_no_session(attendance, state, cancelled_by):
    appointment = asked_appointment()

    session = log(appointment, attendance=attendance, themes=[], next_step="")

    appointment.refresh_from_db()
    appointment.service_request.refresh_from_db()
    assert session is None
    assert (appointment.state, appointment.cancelled_by) == (state, cancelled_by)
    assert appointment.service_request.state == RequestState.REGISTERED
    assert CounsellingSession.objects.count() == Pathway.objects.count() == 0


def test_no_show_may_close_the_open_pathway():
    pathway = PathwayFactory()
    appointment = AppointmentFactory(adviser=pathway.adviser, beneficiary=pathway.beneficiary)

    log(
        appointment,
        attendance=Attendance.NO_SHOW,
        next_step=NextStep.CLOSE,
        outcome=ClosingOutcome.LOST,
    )

    pathway.refresh_from_db()
    assert (pathway.state, pathway.outcome) == (PathwayState.CLOSED, ClosingOutcome.LOST)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"now": MONDAY_NINE - timedelta(minutes=1)}, NotStartedYet),
        ({"starts_at": NOW + timedelta(minutes=1)}, StartInTheFuture),
        ({"starts_at": MONDAY_NINE - timedelta(days=1)}, StartOnAnotherDay),
        ({"duration_minutes": 4}, DurationOutOfBounds),
        ({"duration_minutes": 301}, DurationOutOfBounds),
        ({"themes": []}, ThemesMissing),
        ({"next_step": ""}, NextStepMissing),
        ({"next_step": NextStep.CLOSE}, OutcomeMissing),
        ({"outcome": ClosingOutcome.NEED_MET}, OutcomeWithoutClosing),
        (
            {
                "attendance": Attendance.NO_SHOW,
                "next_step": NextStep.CLOSE,
                "outcome": ClosingOutcome.LOST,
            },
            NothingToClose,
        ),
    ],
)
def test_refusals_write_nothing(changes, refusal):
    appointment = AppointmentFactory()

    with pytest.raises(refusal):
        log(appointment, **changes)

    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.BOOKED
    assert CounsellingSession.objects.count() == Pathway.objects.count() == 0
    assert actions() == []


def test_another_day_is_allowed_by_configuration(settings):
    settings.PORTAL_SESSION_DAYS_APART = 1
    appointment = AppointmentFactory()

    session = log(appointment, starts_at=MONDAY_NINE - timedelta(days=1))

    assert session.pathway.entered_on == moved_day("2026-11-29")


def test_second_log_is_refused():
    appointment = AppointmentFactory()
    log(appointment)

    with pytest.raises(AlreadyLogged):
        log(appointment)

    assert CounsellingSession.objects.count() == 1


def test_hold_cannot_be_logged():
    with pytest.raises(AlreadyLogged):
        log(AppointmentFactory(on_hold=True), by=AdviserFactory().user)


def test_close_pathway_from_its_file():
    pathway = CounsellingSessionFactory().pathway

    close_pathway(pathway=pathway, outcome=ClosingOutcome.STOPPED, by=pathway.adviser.user, now=NOW)

    pathway.refresh_from_db()
    assert (pathway.state, pathway.outcome, pathway.closed_at) == ("CLOSED", "STOPPED", NOW)
    assert actions() == ["operators.pathway.closed"]
    with pytest.raises(PathwayAlreadyClosed):
        close_pathway(pathway=pathway, outcome="STOPPED", by=pathway.adviser.user, now=NOW)


def test_close_pathway_wants_an_outcome():
    pathway = PathwayFactory()

    with pytest.raises(OutcomeMissing):
        close_pathway(pathway=pathway, outcome="", by=pathway.adviser.user, now=NOW)
