"""The whole public road without a mouse: ask, book, move, cancel (RGAA 10.7, 12.8, 12.9; RDV-SP 1825)."""

import re

import pytest
from playwright.sync_api import expect

from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import appointment_path
from operators.booking.agenda.models import Appointment
from tests.journeys.keyboard import Keyboard
from tests.journeys.test_whole_road import wait_for
from tests.journeys.world import build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def world(transactional_db):
    return build_world(past_people=0)


def test_whole_road_by_keyboard_alone(stack, visitor, world):
    page = visitor()
    keys = Keyboard(page)

    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    keys.follow("Prendre rendez-vous")
    keys.choose("Salarié du privé")
    keys.press("Continuer")
    keys.write("Commune ou code postal", "35000")
    keys.choose("J’y habite")
    keys.press("Continuer")
    keys.tick("Changer de métier")
    keys.press("Continuer")
    keys.press("Voir les heures libres")
    keys.follow("Semaine suivante")
    keys.leave_nothing_trapped()
    keys.enter(page.locator("button[name=creneau]").first)
    expect(page.get_by_text("Pas encore réservé")).to_be_visible()
    keys.write("Prénom", "Léa")
    keys.write("Nom", "Martin")
    keys.write("Adresse électronique", "lea.martin@personnes.example")
    keys.press("Recevoir un code")
    mail = wait_for(lambda: Message.objects.filter(subject__icontains="code", state="SENT").first())
    keys.reach(page.locator("input[autocomplete=one-time-code]"))
    page.keyboard.type(re.search(r"\b\d{6}\b", mail.body).group())
    keys.press("Réserver")

    expect(page.get_by_role("heading", level=1)).to_have_text("Votre rendez-vous est pris")
    booked = Appointment.objects.get(state=AppointmentState.BOOKED)
    keys.follow("Voir mon rendez-vous")
    keys.follow("Déplacer")
    keys.enter(page.locator("button[name=creneau]").last)
    keys.press("Déplacer")
    moved = Appointment.objects.get(moved_from=booked)
    page.goto(appointment_path(moved))
    keys.follow("Annuler")
    keys.choose("je n’en ai plus besoin")
    keys.press("Annuler le rendez-vous")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce rendez-vous est annulé")
    keys.press("Rétablir ce rendez-vous")
    moved.refresh_from_db()
    assert moved.state == AppointmentState.BOOKED
