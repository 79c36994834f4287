"""The HTTP provider against a real server on this machine."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cep_portal.messaging.enums import MessageChannel, MessageState
from cep_portal.messaging.gateways.sms import HttpProvider
from cep_portal.messaging.services import send_due_messages, send_message
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
SMS = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001", "body": "Texte"}


@dataclass
class Carrier:
    """What a carrier of SMS answers, and what it was asked."""

    url: str = ""
    status: int = 202
    refused: str = ""  # the reference of one text that it answers 422 to
    answer: bytes = b'{"id": "abc-1"}'
    pause: float = 0
    asked: list = field(default_factory=list)


@pytest.fixture
def carrier(settings):
    facts, closing = Carrier(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            facts.asked.append((self.path, dict(self.headers), text := json.loads(body)))
            closing.wait(facts.pause)
            self.send_response(422 if text["reference"] == facts.refused else facts.status)
            self.send_header("Content-Length", str(len(facts.answer)))
            self.send_header("Location", f"{facts.url}/elsewhere")
            self.end_headers()
            self.wfile.write(facts.answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    facts.url = f"http://127.0.0.1:{server.server_port}"
    settings.PORTAL_SMS = {
        "PROVIDER": "cep_portal.messaging.gateways.sms.HttpProvider",
        "OPTIONS": {
            "name": "essai",
            "url": f"{facts.url}/v1/sms",
            "token": "jeton",
            "sender": "RDV",
            "timeout": 0.3,
        },
    }
    yield facts
    closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


def sent(**changed):
    message = MessageFactory(**(SMS | changed))
    send_message(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message


def test_text_is_handed_over_with_token_and_reference(carrier):
    message = sent()

    ((path, headers, body),) = carrier.asked
    assert path == "/v1/sms"
    assert headers["Authorization"] == "Bearer jeton"
    assert headers["Idempotency-Key"] == str(message.uuid)
    assert body == {"to": "+33639980001", "from": "RDV", "text": "Texte", "reference": str(message.uuid)}
    assert (message.state, message.carrier, message.carrier_id) == (MessageState.SENT, "essai", "abc-1")


@pytest.mark.parametrize("answer", [b"", b"[]", b'{"other": 1}'])
def test_answer_without_id_is_still_sent(carrier, answer):
    carrier.answer = answer

    assert (sent().state, sent().carrier_id) == (MessageState.SENT, "")


def test_number_refused_for_good_is_not_tried_again(carrier):
    carrier.status = 422

    message = sent()

    assert (message.state, message.last_error) == (MessageState.FAILED, "essai: 422")


@pytest.mark.parametrize("status", [302, 401, 429, 500, 503])
def test_what_is_not_about_the_number_is_tried_again_and_no_redirection_followed(carrier, status):
    carrier.status = status

    message = sent()

    assert (message.state, message.last_error) == (MessageState.DUE, f"essai: {status}")
    assert len(carrier.asked) == 1


def test_provider_that_hangs_is_given_up_after_its_timeout(carrier):
    carrier.pause = 5

    message = sent()

    assert (message.state, message.last_error) == (MessageState.DUE, "timed out")


def test_one_refused_number_blocks_nobody_rdv_sp_pr_3074(carrier, django_capture_on_commit_callbacks):
    """1,000 reminders are 1,000 tasks: the carrier refuses one, the others leave."""
    messages = MessageFactory.create_batch(5, **SMS, expires_at=NOW.replace(year=2100))
    carrier.refused = str(messages[0].uuid)

    with django_capture_on_commit_callbacks(execute=True):
        assert send_due_messages(now=NOW) == 5

    for message in messages:
        message.refresh_from_db()
    assert [message.state for message in messages] == ["FAILED", "SENT", "SENT", "SENT", "SENT"]


def test_token_never_travels_in_clear():
    with pytest.raises(ValueError, match="https only"):
        HttpProvider(name="essai", url="http://sms.example/v1", token="jeton", sender="RDV")
