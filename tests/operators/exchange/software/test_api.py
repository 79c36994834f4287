"""The API as a whole: its problems, its description, and what no answer ever says."""

import uuid

import pytest
from django.utils import timezone

from tests.clock import moved
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.calls import PERSON, kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_unknown_appointment_is_a_problem(api):
    response = api.get(url("appointment", uuid.uuid4()))

    assert kinds(response) == (404, "not_found")
    assert response.json()["title"] == "Introuvable"


def test_wrong_method_and_format_are_problems(api):
    assert kinds(api.put(url("sites"))) == (405, "method_not_allowed")
    assert kinds(api.post(url("appointments"), "{", content_type="application/json")) == (400, "parse_error")


def test_options_tell_nothing_and_html_is_not_answered(api):
    assert kinds(api.options(url("sites"))) == (405, "method_not_allowed")
    assert kinds(api.get(url("sites"), headers={"Accept": "text/html"})) == (406, "not_acceptable")


def test_nul_in_a_query_is_a_wrong_value(api):
    response = api.get(url("requests") + "?cursor=%00")

    assert (kinds(response), response.json()["errors"][0]["field"]) == ((422, "invalid"), "cursor")


def test_call_from_nowhere_is_a_problem(client):
    """Its network address is what wrong secrets are counted by: without one, it is refused."""
    response = client.post(url("token"), {}, REMOTE_ADDR="", HTTP_AUTHORIZATION="Basic eDp5")

    assert kinds(response) == (403, "permission_denied")


def test_answers_say_nothing_of_what_was_said(api, booked):
    """RDV-SP 1692: no contact, need nor theme in any answer: whoever books opens no file."""
    page = api.get(url("appointment", booked.uuid)).content.decode()

    hidden = (PERSON["email"], "Nolwenn", "TRAINING", "CHANGE_JOB", "06 39")
    assert [word for word in hidden if word in page] == []


def test_present_is_read_at_the_interface():
    assert timezone.now() == NOW == moved("2026-11-23 17:00")
