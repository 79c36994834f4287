"""What the guide tells makers of software is what the portal does."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import EventKind
from operators.exchange.webhooks.gateways.signing import headers, new_secret

GUIDE = (Path(__file__).resolve().parents[4] / "docs/guides/webhooks.md").read_text()


@pytest.fixture(scope="module")
def is_authentic():
    scope: dict = {}
    exec(re.search(r"```python\n(.*?)```", GUIDE, re.DOTALL)[1], scope)
    return scope["est_authentique"]


def test_code_of_the_guide_knows_our_messages(is_authentic):
    old, new, body, now = new_secret(), new_secret(), '{"é":1}'.encode(), timezone.now()
    sent = headers(secrets=[new, old], message_id=uuid4(), at=now, body=body)
    stale = headers(secrets=[new], message_id=uuid4(), at=now - timedelta(minutes=6), body=body)

    assert [is_authentic(secret, sent, body) for secret in (new, old)] == [True, True]
    assert is_authentic(new_secret(), sent, body) is False
    assert is_authentic(new, sent, body + b" ") is False
    assert is_authentic(new, sent | {"Webhook-Id": str(uuid4())}, body) is False
    assert is_authentic(new, stale, body) is False


def test_guide_names_every_type():
    named = set(re.findall(r"`([a-z_]+\.[a-z_]+|test)`", GUIDE))

    assert named == {kind.name_on_wire for kind in EventKind}


def test_guide_gives_the_table_of_tries():
    units = {"minute": "minutes", "minutes": "minutes", "heures": "hours"}
    matches = re.findall(r"^\| [2-8] \| (\d+) (\w+) \|$", GUIDE, re.MULTILINE)

    assert tuple(timedelta(**{units[unit]: int(count)}) for count, unit in matches) == rules.PAUSES
