import threading

import pytest

from tests.factories.webhooks import WebhookSubscriptionFactory
from tests.operators.exchange.webhooks.receiver import Receiver, serve, write_certificates


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    write_certificates(folder)
    return folder


@pytest.fixture
def receiver(settings, monkeypatch, certificates):
    """A receiver that the portal may reach and trusts, for this test alone."""
    settings.PORTAL_WEBHOOK_LOCAL = True
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates / "root.pem"))
    facts = Receiver()
    server = serve(facts, certificates)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield facts
    facts.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def subscription(receiver):
    """Active, to that receiver."""
    return WebhookSubscriptionFactory(url=f"{receiver.url}/mon-cep")


@pytest.fixture
def at(clock):
    """`at(instant)`: the hour that tasks and pages read from now on."""

    def move(instant):
        clock.move_to(instant)
        return instant

    return move
