"""The tab that stayed open while the other one booked leads to the appointment, whatever it sends."""

import uuid

import pytest
from django.urls import reverse

from beneficiaries.request.models import ContactCode
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import move_appointment
from tests.operators.booking.agenda.acts import TEN
from tests.operators.booking.agenda.clock import NOW
from tests.operators.booking.agenda.road import book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def booked(client, service_request):
    book(client, service_request)
    return Appointment.objects.get()


def second_tab(held):
    """What its forms send: the person, the code (right, wrong or sent before), the slot given back."""
    code = reverse("operators:booking_code", args=[held.uuid, ContactCode.objects.get().uuid])
    return {
        "who": (reverse("operators:booking", args=[held.uuid]), {"first_name": "Léa"}),
        "code": (code, {"code": "000000", "key": uuid.uuid4()}),
        "nothing": (code, {}),
        "release": (reverse("operators:hold_release", args=[held.uuid]), {}),
    }


@pytest.mark.parametrize("form", ["who", "code", "nothing", "release"])
@pytest.mark.parametrize("method", ["post", "get"])
def test_second_tab_leads_to_the_appointment(client, booked, form, method):
    if (form, method) == ("release", "get"):
        return
    address, sent = second_tab(booked)[form]

    page = getattr(client, method)(address, sent, follow=True)

    booked.refresh_from_db()
    assert (page.status_code, booked.state) == (200, "BOOKED")
    assert page.redirect_chain[-1][0] in {
        appointment_path(booked),
        reverse("operators:appointment_booked", args=[sign(booked.uuid)]),
    }


def test_second_tab_leads_to_where_it_was_moved(client, booked):
    moved = move_appointment(
        appointment=booked, site=booked.site, starts_at=TEN, level=booked.level, mode=booked.mode, now=NOW
    )

    page = client.get(reverse("operators:booking", args=[booked.uuid]))

    assert page.url == appointment_path(moved)
