"""Schemathesis against the description: whatever is sent, the answer is one that was described.

Whole generated calls through WSGI and the test database, the same ones at each run; no network.
"""

import base64

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from operators.exchange.deliveries.enums import FileFormat
from operators.exchange.software.api.description import described
from operators.exchange.software.rules import sign_token
from tests.operators.exchange.software.world import tell_the_story

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("present")]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CONFIG = {
    "seed": 20261122,
    "generation": {"deterministic": True, "max-examples": 15, "database": "none", "no-shrink": True},
}
schema = schemathesis.openapi.from_dict(described(), config=SchemathesisConfig.from_dict(CONFIG))
served = get_wsgi_application()
schema.app = lambda environ, start: served(environ | {"REMOTE_ADDR": "192.0.2.1"}, start)


@schemathesis.serializer(FileFormat.media_types["xlsx"])
def as_bytes(_context, value):
    """A workbook that is none: whatever bytes were drawn."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(autouse=True)
def one_connection():
    """As Django's own test client does: a call through WSGI would close the connection of the test."""
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.fixture
def headers():
    software = tell_the_story()
    secret = base64.b64encode(f"{software.uuid}:the-secret-of-a-test".encode()).decode()
    return {"/api/v1/token/": f"Basic {secret}", "": f"Bearer {sign_token(software)}"}


@schema.parametrize()
def test_every_answer_is_as_described(case, headers):
    sent = {"Authorization": headers.get(case.path, headers[""])}
    with transaction.atomic():
        case.call_and_validate(checks=CHECKS, headers=sent)
        transaction.set_rollback(True)
