"""E-mail through a provider that anymail knows, against a real server on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.services import Attachment, enqueue_message, send_message
from tests.messaging.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    """A provider that answers `answers[0]`, then the next; what it was asked is in `asked`."""
    asked, answers = [], [(201, {"messageId": "<abc@provider>"})]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            status, answer = answers[0]
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.MAILERS = {
        "default": {
            "BACKEND": "anymail.backends.brevo.EmailBackend",
            "OPTIONS": {"api_key": "jeton", "api_url": f"http://127.0.0.1:{server.server_port}/v3/"},
        }
    }
    yield asked, answers
    server.shutdown()
    server.server_close()
    thread.join()


def sent():
    message = enqueue_message(
        key="rdv:1",
        recipient="camille@exemple.example",
        subject="Votre rendez-vous du 12 janvier",
        body="Texte",
        attachment=Attachment("rendez-vous.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR"),
        now=NOW,
    )
    send_message(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message


def test_mail_is_handed_to_the_provider_and_its_id_kept(provider):
    asked, _ = provider

    message = sent()

    assert (message.state, message.carrier, message.carrier_id) == ("SENT", "courriel", "<abc@provider>")
    assert [(one["to"], one["subject"]) for one in asked] == [
        ([{"email": "camille@exemple.example"}], "Votre rendez-vous du 12 janvier")
    ]
    assert [part["name"] for part in asked[0]["attachment"]] == ["rendez-vous.ics"]


def test_provider_in_trouble_is_tried_again(provider):
    _, answers = provider
    answers[:] = [(503, {"message": "later"})]

    message = sent()

    assert (message.state, message.attempts) == (MessageState.DUE, 1)
    assert "503" in message.last_error
