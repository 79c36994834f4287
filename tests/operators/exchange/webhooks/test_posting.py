"""The HTTP client against a real HTTPS server: what is sent, what is believed, how long it waits."""

import socket
import time

import pytest

from operators.exchange.webhooks.enums import Failure
from operators.exchange.webhooks.gateways import posting
from operators.exchange.webhooks.gateways.posting import Outcome, post
from tests.operators.exchange.webhooks.receiver import NAME


def sent(receiver, *, url="", body=b'{"a":1}'):
    return post(url=url or f"{receiver.url}/mon-cep?v=1", body=body, headers={"Webhook-Id": "abc"})


def test_body_and_headers_arrive_as_they_are(receiver):
    assert sent(receiver) == Outcome(204)

    ((path, headers, body),) = receiver.asked
    assert (path, body) == ("/mon-cep?v=1", b'{"a":1}')
    assert (headers["Host"], headers["Webhook-Id"]) == (f"localhost:{receiver.port}", "abc")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(receiver, status):
    receiver.status = status

    assert sent(receiver).is_delivered is True


@pytest.mark.parametrize("status", [300, 400, 401, 404, 410, 429, 500, 503])
def test_any_other_answer_is_not(receiver, status):
    receiver.status = status

    assert sent(receiver) == Outcome(status, Failure.STATUS)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirection_is_not_followed(receiver, status):
    receiver.status, receiver.location = status, f"{receiver.url}/inside"

    assert sent(receiver) == Outcome(status, Failure.STATUS)
    assert [path for path, *_ in receiver.asked] == ["/mon-cep?v=1"]


def test_certificate_of_an_unknown_maker_is_refused(receiver, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")

    assert sent(receiver) == Outcome(failure=Failure.CERTIFICATE)
    assert receiver.asked == []


def test_certificate_of_another_name_is_refused(receiver, monkeypatch):
    _lead(monkeypatch, "127.0.0.1")

    assert sent(receiver, url=f"https://autre.exemple.fr:{receiver.port}/").failure == Failure.CERTIFICATE
    assert receiver.asked == []


def test_connection_goes_to_the_address_that_was_judged(receiver, monkeypatch):
    """DNS rebinding: the name is asked once, and leads elsewhere afterwards."""
    asked = _lead(monkeypatch, "127.0.0.1", "10.0.0.1")

    assert sent(receiver, url=f"https://{NAME}:{receiver.port}/") == Outcome(204)
    assert asked == [NAME]
    assert receiver.asked[0][1]["Host"] == f"{NAME}:{receiver.port}"


def _lead(monkeypatch, *addresses) -> list[str]:
    """Names lead to the first address, then to the next; addresses to themselves, as on any machine."""
    real, answers, asked = socket.getaddrinfo, list(addresses), []

    def resolve(host, port, *args, **kwargs):
        if host in addresses:
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return real(answers.pop(0), port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_next_address_is_tried_when_the_first_is_closed(receiver, monkeypatch):
    real = socket.getaddrinfo

    def both(host, port, *args, **kwargs):
        if host != NAME:
            return real(host, port, *args, **kwargs)
        return real("127.0.0.2", port, *args, **kwargs) + real("127.0.0.1", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", both)
    monkeypatch.setattr(socket.socket, "connect", _closed_at("127.0.0.2"))

    assert sent(receiver, url=f"https://{NAME}:{receiver.port}/") == Outcome(204)


def _closed_at(address):
    connect = socket.socket.connect

    def guarded(self, where):
        if where[0] == address:
            raise ConnectionRefusedError
        return connect(self, where)

    return guarded


def test_answer_that_drips_is_left_after_its_seconds(receiver, monkeypatch):
    """Each byte comes in time; the whole would take twenty seconds."""
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 0.5)
    receiver.drip = 0.1
    receiver.raw = b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200
    begun = time.monotonic()

    assert sent(receiver) == Outcome(failure=Failure.TIMEOUT)
    assert time.monotonic() - begun < 3


def test_headers_without_end_are_left(receiver):
    receiver.raw = b"HTTP/1.1 200 OK\r\n" + b"X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 2_000

    assert sent(receiver).failure == Failure.UNREADABLE


def test_body_of_the_answer_is_not_waited_for(receiver, monkeypatch):
    monkeypatch.setattr(posting, "ANSWER_SECONDS", 2)
    receiver.raw = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
    begun = time.monotonic()

    assert sent(receiver) == Outcome(200)
    assert time.monotonic() - begun < 1.5


def test_answer_that_is_no_http_is_said(receiver):
    receiver.raw = b"SSH-2.0-OpenSSH_9.6\r\n"

    assert sent(receiver) == Outcome(failure=Failure.UNREADABLE)


def test_closed_port_is_said(receiver):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert sent(receiver, url=f"https://localhost:{port}/") == Outcome(failure=Failure.UNREACHABLE)


def test_server_that_never_speaks_is_left(receiver, monkeypatch):
    """It accepts the connection and says nothing: the handshake has its seconds too."""
    monkeypatch.setattr(posting, "CONNECT_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        assert sent(receiver, url=f"https://127.0.0.1:{port}/") == Outcome(failure=Failure.TIMEOUT)
