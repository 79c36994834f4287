"""The examples of the description, sent as they are: what a maker of software copies works."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from operators.booking.agenda.models import Appointment
from operators.exchange.software.api import examples
from tests.operators.booking.agenda.clock import at
from tests.operators.exchange.software.calls import url
from tests.operators.exchange.software.conftest import signed_api
from tests.operators.exchange.software.world import tell_the_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def software():
    return tell_the_story()


@pytest.fixture
def api(software):
    return signed_api(software)


def send(api, name, *args, body):
    return api.post(url(name, *args), body, format="json", headers={"Idempotency-Key": f"exemple-{name}"})


def test_booking_moving_and_cancelling_work(api):
    booked = send(api, "appointments", body=examples.APPOINTMENT_IN)
    moved = send(api, "move", examples.MOVED, body=examples.MOVE_IN)
    changed = send(api, "level", moved.json()["id"], body=examples.LEVEL_IN)
    cancelled = api.post(url("cancel", moved.json()["id"]), examples.CANCEL_IN, format="json")

    assert [one.status_code for one in (booked, moved, changed, cancelled)] == [201, 200, 200, 200]
    assert changed.json()["level"] == examples.LEVEL_OUT["level"]
    assert (booked.json()["starts_at"], moved.json()["starts_at"]) == (examples.NINE, examples.QUARTER_PAST)
    assert set(booked.json()) == set(examples.APPOINTMENT_OUT)
    assert cancelled.json()["cancel_reason"] == examples.CANCELLED_OUT["cancel_reason"]


def test_logging_works_once_the_hour_has_come(api, software, clock):
    starts = at("2026-11-30 09:00")
    hour = DateTimeTZRange(starts, starts + timedelta(hours=1))
    Appointment.objects.filter(uuid=examples.APPOINTMENT).update(
        period=hour, busy_period=DateTimeTZRange(starts, starts + timedelta(minutes=75))
    )
    clock.move_to(starts + timedelta(minutes=64))  # a token lives for an hour: another one

    logged = send(signed_api(software), "sessions", body=examples.LOG_IN)

    assert logged.status_code == 201
    drawn = dict.fromkeys(("id", "pathway", "adviser"))
    assert logged.json()["session"] | drawn == examples.SESSION_OUT | drawn


def test_delivery_is_received(api):
    answer = send(api, "deliveries", body=examples.DELIVERY_IN)

    assert (answer.status_code, answer.json()["state"]) == (202, "WAITING")
    assert set(answer.json()) == set(examples.DELIVERY_WAITING)


@pytest.mark.parametrize(
    ("name", "args", "example"),
    [
        ("appointment", [examples.MOVED], examples.APPOINTMENT_OUT),
        ("request", [examples.REFERENCE], examples.REQUEST_OUT),
        ("pathway", [examples.PATHWAY], examples.PATHWAY_OUT),
        ("session", [examples.SESSION], examples.SESSION_OUT),
        ("delivery", [examples.DELIVERY], examples.DELIVERY_OUT),
    ],
)
def test_answers_have_the_shape_of_their_example(api, name, args, example):
    told = api.get(url(name, *args)).json()

    assert set(told) == set(example)
    both = [key for key in told if told[key] is not None and example[key] is not None]
    assert {key: type(told[key]) for key in both} == {key: type(example[key]) for key in both}


@pytest.mark.parametrize(
    ("name", "example"),
    [("sites", examples.SITE_OUT), ("regions", examples.REGIONS["results"][0])],
)
def test_lists_have_the_shape_of_their_example(api, name, example):
    assert set(api.get(url(name)).json()["results"][0]) == set(example)
