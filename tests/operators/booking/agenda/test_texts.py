"""Our SMS are one part, in their alphabet, whatever the place is called (RDV-SP PR 4846)."""

import pytest

from cep_portal.messaging.rules import gsm7
from operators.booking.agenda import links
from operators.booking.agenda.wording import sms
from operators.network.enums import Mode
from tests.factories.operators import AppointmentFactory, SiteFactory
from tests.operators.booking.agenda.clock import at

pytestmark = [pytest.mark.django_db, pytest.mark.dated]
LONGEST = (
    "Maison de l’emploi, de la formation et de l’évolution professionnelle – antenne du Forêt-Îlot, " * 2
)
NAMES = ["Rennes", LONGEST[:120], "Œuvre « Ж » d’Évry 🙂", "€" * 120]
ZONES = ["Europe/Paris", "America/Miquelon"]  # the longest label


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("discreet", [True, False])
def test_every_text_fits_in_one_sms(mode, zone, name, discreet):
    site = SiteFactory(name=name, zone=zone, phone="+508 05 08 00 00 00")
    booked = AppointmentFactory(adviser__site=site, mode=mode, starts_at=at("2026-09-16 10:45", zone))

    said = [
        sms.reminder(booked, discreet=discreet),
        sms.booked(booked, link="https://exemple.example/" + "x" * 200, discreet=discreet),
        sms.moved(booked, link="https://exemple.example/" + "x" * 200, discreet=discreet),
        sms.changed(booked, link="https://exemple.example/" + "x" * 200, discreet=discreet),
        sms.replaced(booked, is_kept=discreet),
        sms.replaced(booked, is_kept=discreet, link="https://exemple.example/" + "x" * 200),
        sms.cancelled(booked),
    ]

    assert [text for text in said if not gsm7.is_gsm7(text) or gsm7.septets(text) > 160] == []
    assert ["05 08 00 00 00" in text for text in said] == [True] * 7


def test_discretion_hides_the_place():
    booked = AppointmentFactory(adviser__site__name="Espace du port")

    assert "Espace du port" in sms.reminder(booked, discreet=False)
    assert "Espace du port" not in sms.reminder(booked, discreet=True)


def test_who_reads_sms_only_gets_the_link_when_it_fits(settings):
    settings.PORTAL_BASE_URL = "https://mon-cep.example"
    booked = AppointmentFactory()
    link = links.appointment_link(booked)

    text = sms.booked(booked, link=link, discreet=True)

    assert text == f"Rendez-vous lun. 30 nov. à 9 h : {link}"
    assert gsm7.septets(text) <= 160


def test_another_mode_is_not_told_as_a_move():
    booked = AppointmentFactory(mode=Mode.VIDEO)

    text = sms.changed(booked, link="https://exemple.example/x", discreet=True)

    assert text == "Rendez-vous lun. 30 nov. à 9 h, en visio : https://exemple.example/x"


@pytest.mark.parametrize(
    ("is_kept", "said"), [(True, "un autre conseiller vous reçoit"), (False, "impossible")]
)
def test_who_reads_sms_only_answers_a_replacement_by_its_link(is_kept, said):
    booked = AppointmentFactory()

    text = sms.replaced(booked, is_kept=is_kept, link="https://exemple.example/x")

    assert text == gsm7.sayable(
        f"Rendez-vous lun. 30 nov. à 9 h : {said}. Répondre : https://exemple.example/x"
    )


def test_zone_is_said_overseas_only():
    far = AppointmentFactory(
        adviser__site=SiteFactory(reunion=True), starts_at=at("2026-12-01 09:30", "Indian/Reunion")
    )

    assert sms.when(far) == "mar. 1er déc. à 9 h 30 (heure de La Réunion)"
    assert sms.when(AppointmentFactory()) == "lun. 30 nov. à 9 h"
