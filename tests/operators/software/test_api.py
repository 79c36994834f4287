"""The API as a whole: its problems, its description, and what no answer ever says."""

import uuid
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.operators.agenda.clock import NOW
from tests.operators.software.calls import PERSON, kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_unknown_appointment_is_a_problem(api):
    response = api.get(url("appointment", uuid.uuid4()))

    assert kinds(response) == (404, "not_found")
    assert response.json()["title"] == "Introuvable"


def test_wrong_method_and_format_are_problems(api):
    assert kinds(api.put(url("sites"))) == (405, "method_not_allowed")
    assert kinds(api.post(url("appointments"), "{", content_type="application/json")) == (400, "parse_error")


def test_answers_say_nothing_of_what_was_said(api, booked):
    """RDV-SP 1692: no contact, need nor theme in any answer: whoever books opens no file."""
    page = api.get(url("appointment", booked.uuid)).content.decode()

    hidden = (PERSON["email"], "Nolwenn", "TRAINING", "CHANGE_JOB", "06 39")
    assert [word for word in hidden if word in page] == []


def test_present_is_read_at_the_interface():
    assert timezone.now() == NOW == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
