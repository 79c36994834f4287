"""What becomes of the appointments of an operator: read, moved, cancelled by its software."""

from datetime import timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.exchange.software.calls import NINE, kinds, url

THERE = {"starts_at": "2026-11-30T10:15:00+01:00", "level": "ONE", "mode": "ON_SITE"}
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_appointments_are_the_operator_s(api, booked):
    foreign = AppointmentFactory()

    listed = api.get(url("appointments")).json()

    assert ([one["id"] for one in listed["results"]], listed["next"]) == ([str(booked.uuid)], None)
    for name in ("appointment", "move", "cancel"):
        call = api.get if name == "appointment" else api.post
        body = {
            "appointment": {},
            "move": THERE | {"site": str(booked.site.uuid)},
            "cancel": {"by": "PERSON"},
        }[name]
        sent = (
            call(url(name, foreign.uuid)) if not body else call(url(name, foreign.uuid), body, format="json")
        )
        assert sent.status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_appointment_list_query_count_is_constant(api, site, django_assert_num_queries, count):
    for place in range(count):
        AppointmentFactory(
            adviser=site.advisers.get(), starts_at=at("2026-12-07 09:00") + timedelta(days=place)
        )

    with django_assert_num_queries(2):  # client, appointments
        listed = api.get(url("appointments")).json()

    assert len(listed["results"]) == count


def test_software_moves_and_the_same_move_again_is_the_same(api, booked):
    """RDV-I 2399: ghost appointments between two systems."""
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }

    first, second = (api.post(url("move", booked.uuid), there, format="json") for _ in range(2))

    assert first.json() == second.json()
    assert (first.json()["moved_from"], first.json()["starts_at"]) == (str(booked.uuid), there["starts_at"])
    assert api.get(url("appointment", booked.uuid)).json()["moved_to"] == first.json()["id"]
    assert AuditEvent.objects.filter(action="operators.api_client.moved").count() == 1


@pytest.mark.parametrize("since", ["cancelled", "moved"])
def test_move_sent_again_never_gives_what_no_longer_stands(api, booked, since):
    """RDV-I 2399: « 200, here is your appointment » for one that was cancelled meanwhile."""
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }
    moved = api.post(url("move", booked.uuid), there, format="json").json()
    if since == "cancelled":
        api.post(url("cancel", moved["id"]), {"by": "PERSON"}, format="json")
    else:
        api.post(url("move", moved["id"]), {**there, "starts_at": NINE}, format="json")

    again = api.post(url("move", booked.uuid), there, format="json")

    assert kinds(again) == (409, "appointment_moved")
    assert Appointment.objects.filter(moved_from=booked).count() == 1
    assert Appointment.objects.filter(state="BOOKED").count() == (since == "moved")


def test_another_mode_at_the_same_hour_is_another_move(api, booked):
    there = {
        "site": str(booked.site.uuid),
        "starts_at": "2026-11-30T10:15:00+01:00",
        "level": "ONE",
        "mode": "ON_SITE",
    }
    api.post(url("move", booked.uuid), there, format="json")

    again = api.post(url("move", booked.uuid), {**there, "mode": "PHONE"}, format="json")

    assert kinds(again) == (409, "appointment_moved")


def test_software_cancels_and_says_who(api, booked):
    answers = [
        api.post(url("cancel", booked.uuid), {"by": "PERSON", "reason": "WORK"}, format="json").json()
        for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert (answers[0]["state"], answers[0]["cancelled_by"], answers[0]["cancel_reason"]) == (
        "CANCELLED",
        "PERSON",
        "WORK",
    )
    assert AuditEvent.objects.filter(action="operators.api_client.cancelled").count() == 1


def test_person_does_not_cancel_by_software_after_the_limit(api, site):
    booked = AppointmentFactory(adviser=site.advisers.get(), starts_at=NOW + timedelta(hours=1))

    response = api.post(url("cancel", booked.uuid), {"by": "PERSON"}, format="json")

    assert kinds(response) == (409, "too_late_to_change")
    assert Appointment.objects.get().state == AppointmentState.BOOKED
