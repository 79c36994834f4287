"""Nothing that leaves the place can be taken for real: papers, messages, calendars."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.http import parse_header_parameters
from icalendar import Calendar
from pypdf import PdfReader

from cep_portal.accounts.enums import Role
from cep_portal.common.place import marked, marked_name
from cep_portal.documents.gateways.pdf import tagged_pdf
from cep_portal.documents.services import download
from cep_portal.messaging.services import enqueue_message, send_message
from cep_portal.training.middleware import marks
from operators.booking.agenda.wording.calendar import calendar_file
from operators.exchange.deliveries.rules import columns
from operators.exchange.deliveries.rules.reading import read_lines
from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.gateways.posting import Outcome, post
from tests.access.routes import routes
from tests.factories.accounts import UserFactory
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


def test_the_title_of_any_pdf_says_it(in_training):
    assert PdfReader(io.BytesIO(tagged_pdf(PAGE))).metadata.title == "[Entraînement, sans valeur] Essai"


@pytest.fixture
def leaving(in_training, db):
    """A browser in the place: what leaves passes by the middleware of its settings."""
    in_training.MIDDLEWARE = ["cep_portal.training.middleware.marks", *in_training.MIDDLEWARE]
    return Client()


def file_name(answer) -> str:
    return parse_header_parameters(answer.headers["Content-Disposition"])[1]["filename"]


# Every address whose file is made without anything to name; the others pass by the same middleware.
FILES = [
    route.name
    for route in routes()
    if not route.kwargs and re.search(r"csv|export|modele|telecharger|note", route.path)
]


def test_files_to_walk_are_found():
    assert {"reporting:national_csv", "procurement:contract_export", "procurement:penalty_export"} <= set(
        FILES
    )


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("role", [Role.ANALYST, Role.OPERATOR_MANAGER, Role.BENEFICIARY])
def test_every_export_leaves_marked_name_and_content(leaving, name, role):
    leaving.force_login(UserFactory(role=role))

    answer = leaving.get(reverse(name))

    if "Content-Disposition" not in answer.headers:
        assert not answer.headers["Content-Type"].startswith("text/csv")
        return
    assert file_name(answer).startswith("ENTRAINEMENT-")
    if answer.headers["Content-Type"].startswith("text/csv"):
        assert answer.content.decode().startswith("\ufeffEntraînement, sans valeur\r\n")


@pytest.mark.parametrize(
    ("answer", "name", "content"),
    [
        (
            download(b"%PDF-", name="lettre.pdf", media_type="application/pdf"),
            "ENTRAINEMENT-lettre.pdf",
            b"%PDF-",
        ),
        (
            download("é;b\r\n".encode(), name="été.csv", media_type="text/csv; charset=utf-8"),
            "ENTRAINEMENT-été.csv",
            "Entraînement, sans valeur\r\né;b\r\n".encode(),
        ),
        (
            download(b"a", name="ENTRAINEMENT-a.txt", media_type="text/plain"),
            "ENTRAINEMENT-a.txt",
            b"a",
        ),
    ],
)
def test_any_file_is_marked_once_whatever_page_gives_it(in_training, answer, name, content):
    marked_answer = marks(lambda _request: answer)(None)

    assert (file_name(marked_answer), marked_answer.content) == (name, content)


def test_a_table_in_a_stream_is_marked_and_keeps_its_length(in_training):
    content = "\ufeffa;b\r\n1;2\r\n".encode()
    answer = StreamingHttpResponse(iter([content[:5], content[5:]]), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="extraction.csv"'
    answer.headers["Content-Length"] = str(len(content))

    whole = b"".join(marks(lambda _request: answer)(None).streaming_content)

    assert whole == "\ufeffEntraînement, sans valeur\r\na;b\r\n1;2\r\n".encode()
    assert answer.headers["Content-Length"] == str(len(whole))


def test_a_page_that_is_no_file_is_left_alone(in_training):
    answer = HttpResponse("<p>Bonjour</p>")

    assert marks(lambda _request: answer)(None).content == b"<p>Bonjour</p>"
    assert "Content-Disposition" not in answer.headers


def test_a_table_of_the_place_is_read_again(in_training, tmp_path):
    """The file of the model, filled in and sent back: its mark is not a heading."""
    path = tmp_path / "remontee.csv"
    heading = ";".join(columns.NAMES)
    path.write_text(f"\ufeffEntraînement, sans valeur;;\r\n{heading}\r\nX\r\n", encoding="utf-8")

    ((number, cells),) = read_lines(path, "csv")

    assert (number, cells[0]) == (3, "X")


def test_the_name_of_an_attached_calendar_says_it(in_training):
    assert marked_name("rendez-vous.ics") == "ENTRAINEMENT-rendez-vous.ics"
    in_training.PORTAL_TRAINING = False
    assert marked_name("rendez-vous.ics") == "rendez-vous.ics"


def test_elsewhere_words_leave_as_they_are():
    assert marked("Rendez-vous") == "Rendez-vous"
