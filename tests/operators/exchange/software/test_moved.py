"""An act on an appointment that was moved speaks of the new one, or is refused: API, service and page."""

import pytest
from django.urls import reverse

from operators.booking.agenda.errors import AppointmentMoved
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import (
    cancel_appointment,
    change_mode,
    move_appointment,
    restore_appointment,
)
from operators.casework.pathways.services import SessionFacts, log_session
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.exchange.software.calls import NINE, kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
QUARTER_PAST = "2026-11-30T10:15:00+01:00"


@pytest.fixture
def old(site):
    """Moved twice: it is its last hour that stands."""
    old = AppointmentFactory(adviser=site.advisers.get(), starts_at=at("2026-12-07 09:00"))
    first = move(old, site, NINE)
    move(first, site, QUARTER_PAST)
    old.refresh_from_db()
    return old


def move(appointment, site, hour):
    return move_appointment(
        appointment=appointment,
        site=site,
        starts_at=at(hour[:16].replace("T", " ")),
        level="ONE",
        mode="ON_SITE",
        now=NOW,
    )


@pytest.fixture
def new(old):
    return Appointment.objects.get(state="BOOKED")


def acts(api, old, site):
    place = {"site": str(site.uuid), "starts_at": NINE, "level": "ONE", "mode": "ON_SITE"}
    log = {"appointment": str(old.uuid), "attendance": "CANCELLED_BY_PERSON"}
    return {
        "cancel": lambda: api.post(url("cancel", old.uuid), {"by": "PERSON"}, format="json"),
        "move": lambda: api.post(url("move", old.uuid), place | {"mode": "PHONE"}, format="json"),
        "log": lambda: api.post(url("sessions"), log, format="json", headers={"Idempotency-Key": "k"}),
    }


@pytest.mark.parametrize("act", ["cancel", "move", "log"])
def test_software_is_refused_and_told_the_new_one(api, old, new, site, act):
    response = acts(api, old, site)[act]()

    assert kinds(response) == (409, "appointment_moved")
    assert response.json()["moved_to"] == str(new.uuid)
    assert "10\xa0h\xa015" in response.json()["detail"]
    new.refresh_from_db()
    assert new.state == "BOOKED"


@pytest.mark.parametrize("act", [cancel_appointment, change_mode, restore_appointment, log_session])
def test_every_service_refuses_it(old, act):
    facts = {
        cancel_appointment: {"by": "OPERATOR"},
        change_mode: {"mode": "PHONE"},
        restore_appointment: {},
        log_session: {
            "attendance": "NO_SHOW",
            "facts": SessionFacts("", "", old.starts_at, 0, [], "", ""),
            "cancelled_at": None,
            "by": None,
        },
    }[act]

    with pytest.raises(AppointmentMoved):
        act(appointment=old, now=NOW, **facts)


@pytest.mark.parametrize("page", ["annuler", "deplacer", "retablir", "autrement"])
def test_old_link_leads_to_the_new_one_and_says_so(client, old, new, page):
    names = {"annuler": "cancel", "deplacer": "move", "retablir": "restore", "autrement": "mode"}
    address = reverse(f"operators:appointment_{names[page]}", args=[sign(old.uuid)])
    response = client.post(address, {"modalite": "telephone"}, follow=True)

    assert response.redirect_chain[-1][0] == appointment_path(new)
    assert "a été déplacé" in response.text
    new.refresh_from_db()
    assert new.state == "BOOKED"


def test_cancelled_after_a_move_is_said_as_it_is(api, old, new, site):
    cancel_appointment(appointment=new, by="OPERATOR", now=NOW)

    assert "annulé" in acts(api, old, site)["cancel"]().json()["detail"]
