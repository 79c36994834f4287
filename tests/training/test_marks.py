"""Nothing that leaves the place can be taken for real: papers, messages, calendars."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.template import engines
from icalendar import Calendar
from pypdf import PdfReader

from cep_portal.common.place import marked
from cep_portal.documents.gateways.pdf import tagged_pdf
from cep_portal.messaging.services import enqueue_message, send_message
from operators.booking.agenda.wording.calendar import calendar_file
from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.gateways.posting import Outcome, post
from tests.factories.operators import AppointmentFactory
from tests.messaging.factories import NOW, MessageFactory

PAGE = '<html lang="fr"><head><title>Essai</title></head><body><h1>Essai</h1></body></html>'


@pytest.fixture
def in_training(settings):
    settings.PORTAL_TRAINING = True
    return settings


def test_any_pdf_carries_the_mark_whatever_its_template(in_training):
    text = PdfReader(io.BytesIO(tagged_pdf(PAGE))).pages[0].extract_text()

    assert "ENTRAÎNEMENT : sans valeur" in text


def test_a_pdf_of_a_real_portal_does_not():
    assert "ENTRA" not in PdfReader(io.BytesIO(tagged_pdf(PAGE))).pages[0].extract_text()


def test_a_paper_of_the_house_says_it_in_its_text_too(in_training):
    html = engines["django"].get_template("documents/pdf/base.html").render({"training": True})

    assert "Lieu d’entraînement : personnes et chiffres inventés" in html


@pytest.mark.django_db
def test_an_email_says_it_in_its_subject_and_first_line(in_training):
    message = enqueue_message(
        key="rdv:1", recipient="camille@exemple.example", subject="Objet", body="Texte", now=NOW
    )

    send_message(message_id=message.pk, now=NOW + timedelta(seconds=1))

    assert [(sent.subject, sent.body) for sent in mail.outbox] == [
        ("[Entraînement, sans valeur] Objet", "[Entraînement, sans valeur] Texte")
    ]


@pytest.mark.django_db
def test_a_text_message_says_it(in_training):
    message = MessageFactory(channel="SMS", recipient="+33639980000", subject="", body="À demain.")

    send_message(message_id=message.pk, now=message.due_at + timedelta(seconds=1))

    written = Path(in_training.PORTAL_DATA_DIR) / "sms" / f"{message.uuid}.txt"
    assert "[Entraînement, sans valeur] À demain." in written.read_text()


@pytest.mark.django_db
def test_a_calendar_says_it(in_training):
    text = calendar_file(AppointmentFactory(), method="PUBLISH", now=NOW)

    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event["summary"]) == "[Entraînement, sans valeur] Rendez-vous"


def test_no_call_leaves_to_a_software(in_training):
    """The guard of the tests would fail this one, were the network reached."""
    outcome = post(url="https://logiciel.exemple.fr/mon-cep", body=b"{}", headers={})

    assert outcome == Outcome(failure=Failure.UNREACHABLE)


def test_elsewhere_words_leave_as_they_are():
    assert marked("Rendez-vous") == "Rendez-vous"
