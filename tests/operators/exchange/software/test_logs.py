"""A software says what became of an appointment: the adviser's own service, one key for one act."""

from datetime import timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.exchange.software.models import KeyUse
from operators.exchange.software.services import forget_keys
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.exchange.software.calls import kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
HELD = {
    "starts_at": "2026-11-23T09:05:00+01:00",
    "duration_minutes": 55,
    "level": "TWO",
    "mode": "PHONE",
    "themes": ["PROJECT"],
}


@pytest.fixture
def past(site):
    request = ServiceRequestFactory(contract=site.contract)
    booked = AppointmentFactory(
        adviser=site.advisers.get(), starts_at=at("2026-11-23 09:00"), service_request=request
    )
    type(request).objects.filter(pk=request.pk).update(beneficiary=booked.beneficiary)
    return booked


def log(api, past, *, key="S-1", **changed):
    told = {
        "appointment": str(past.uuid),
        "attendance": "ATTENDED",
        "held": HELD,
        "next_step": "NEXT_SESSION",
        **changed,
    }
    sent = {name: value for name, value in told.items() if value is not None}
    return api.post(url("sessions"), sent, format="json", headers={"Idempotency-Key": key} if key else {})


def test_software_logs_a_session_that_took_place(api, software, past):
    response = log(api, past)

    session = CounsellingSession.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "appointment": str(past.uuid),
        "state": "ATTENDED",
        "session": api.get(url("session", session.uuid)).json(),
    }
    assert (session.level, session.duration_minutes, session.themes) == ("TWO", 55, ["PROJECT"])
    assert (session.recorded_at, session.pathway.entered_on.isoformat()) == (NOW, "2026-11-23")
    line = AuditEvent.objects.get(action="operators.api_client.logged")
    assert (line.target_id, line.actor, line.data) == (software.pk, None, {"appointment": str(past.uuid)})


def test_person_who_did_not_come_has_no_session(api, past):
    response = log(api, past, attendance="NO_SHOW", held=None, next_step=None)

    assert (response.status_code, response.json()["state"], response.json()["session"]) == (
        201,
        "NO_SHOW",
        None,
    )
    assert not Pathway.objects.exists()


def test_cancellation_keeps_its_hour(api, past):
    log(
        api,
        past,
        attendance="CANCELLED_BY_PERSON",
        held=None,
        next_step=None,
        cancelled_at="2026-11-22T18:00:00+01:00",
    )

    past.refresh_from_db()
    assert (past.state, past.cancelled_by, past.cancelled_at) == (
        "CANCELLED",
        "PERSON",
        at("2026-11-22 18:00"),
    )


def test_closing_step_closes_with_its_outcome(api, past):
    log(api, past, next_step="CLOSE", outcome="NEED_MET")

    pathway = Pathway.objects.get()
    assert (pathway.state, pathway.outcome, pathway.closed_at) == ("CLOSED", "NEED_MET", NOW)


def test_same_key_logs_once(api, past):
    """RDV-I 2399: the same act sent again by a software that had no answer."""
    first, second = (log(api, past) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert CounsellingSession.objects.count() == 1
    assert AuditEvent.objects.filter(action="operators.api_client.logged").count() == 1


def test_same_key_with_other_facts_is_refused(api, past):
    log(api, past)

    assert kinds(log(api, past, held=HELD | {"duration_minutes": 30})) == (409, "idempotency_key_reused")


def test_another_key_finds_it_already_logged(api, past):
    log(api, past)

    assert kinds(log(api, past, key="S-2")) == (409, "already_logged")


def test_a_refusal_leaves_the_key_free(api, past):
    early = AppointmentFactory(adviser=past.adviser, starts_at=NOW + timedelta(days=1))

    refused = log(api, early)

    assert kinds(refused) == (409, "not_started_yet")
    assert not KeyUse.objects.exists()
    assert log(api, past).status_code == 201


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"key": ""}, "Idempotency-Key"),
        ({"held": None}, "held"),
        ({"attendance": "NO_SHOW"}, "held"),
        ({"cancelled_at": "2026-11-22T18:00:00+01:00"}, "cancelled_at"),
        ({"held": HELD | {"duration_minutes": 4}}, "held.duration_minutes"),
        ({"held": HELD | {"themes": []}}, "held.themes"),
        ({"held": HELD | {"starts_at": "2026-11-23T09:05:00"}}, "held.starts_at"),
        ({"next_step": "DANCE"}, "next_step"),
        ({"next_step": "CLOSE", "outcome": "TRANSFERRED"}, "outcome"),
    ],
)
def test_wrong_values_are_named_field_by_field(api, past, changed, field):
    response = log(api, past, **changed)

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == [field]
    assert Appointment.objects.get().state == "BOOKED"


def test_appointment_of_another_operator_does_not_exist(api):
    assert kinds(log(api, AppointmentFactory(starts_at=at("2026-11-23 09:00")))) == (404, "not_found")


@pytest.mark.parametrize("act", ["move", "cancel"])
def test_optional_key_refuses_other_facts(api, booked, act):
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }
    first, other = (
        (there, there | {"mode": "PHONE"}) if act == "move" else ({"by": "PERSON"}, {"by": "OPERATOR"})
    )

    answers = [
        api.post(url(act, booked.uuid), sent, format="json", headers={"Idempotency-Key": "A-1"})
        for sent in (first, first, other)
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[0].json() == answers[1].json()
    assert kinds(answers[2]) == (409, "idempotency_key_reused")


def test_keys_are_forgotten_after_a_month(api, past):
    log(api, past)

    assert forget_keys(now=NOW + timedelta(days=30)) == 0
    assert forget_keys(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert KeyUse.objects.count() == 0
