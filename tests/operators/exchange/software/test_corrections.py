"""A software corrects a logged session: the service of the adviser's page, one key for one act."""

from datetime import date

import pytest

from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.hooks import FREEZES
from operators.casework.pathways.models import CounsellingSession, SessionCorrection
from tests.factories.operators import CounsellingSessionFactory, PathwayFactory
from tests.hooks import only
from tests.operators.booking.agenda.clock import at
from tests.operators.exchange.software.calls import url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def held(site):
    return CounsellingSessionFactory(
        pathway=PathwayFactory(adviser=site.advisers.get()), starts_at=at("2026-11-23 09:00")
    )


def correct(api, held, *, key="C-1", **changed):
    told = {
        "starts_at": "2026-11-23T09:10:00+01:00",
        "duration_minutes": 45,
        "level": "TWO",
        "mode": "PHONE",
        "themes": ["PROJECT"],
        "reason": "TIME",
        **changed,
    }
    return api.post(
        url("session_correction", held.uuid), told, format="json", headers={"Idempotency-Key": key}
    )


def test_software_corrects_a_session_and_its_former_value_is_kept(api, software, held):
    response = correct(api, held)

    held.refresh_from_db()
    assert (response.status_code, response.json()["duration_minutes"]) == (200, 45)
    assert (held.level, held.mode, held.next_step) == ("TWO", "PHONE", "NEXT_SESSION")
    correction = SessionCorrection.objects.get()
    assert (correction.reason, correction.channel, correction.corrected_by) == ("TIME", "API", None)
    assert correction.former["duration_minutes"] == 60
    line = AuditEvent.objects.get(action="operators.api_client.corrected")
    assert (line.target_id, line.data) == (software.pk, {"session": str(held.uuid)})


def test_same_key_corrects_once_and_another_fact_is_refused(api, held):
    correct(api, held)

    again, other = correct(api, held), correct(api, held, duration_minutes=20)

    assert (again.status_code, other.status_code) == (200, 409)
    assert SessionCorrection.objects.count() == 1


def test_frozen_month_is_refused(api, held, monkeypatch):
    only(monkeypatch, FREEZES)
    FREEZES.add(lambda contract_ids: dict.fromkeys(contract_ids, date(2026, 12, 1)))

    response = correct(api, held)

    assert (response.status_code, response.json()["type"]) == (409, "urn:mon-cep:month_frozen")
    assert CounsellingSession.objects.get().duration_minutes == 60


def test_reason_is_asked_for(api, held):
    assert correct(api, held, reason="").status_code == 422


def test_session_of_another_operator_does_not_exist(api):
    assert correct(api, CounsellingSessionFactory()).status_code == 404
