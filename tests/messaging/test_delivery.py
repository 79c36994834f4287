"""What a carrier says became of a message: signed, once, in any order."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from cep_portal.messaging.adapters.anymail import note_email_event
from cep_portal.messaging.enums import MessageChannel, MessageState
from cep_portal.messaging.rules import signatures
from cep_portal.messaging.services import send_message
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
SECRET = "secret-partagé"
SMS = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001"}


@pytest.fixture
def calls(client, settings, clock):
    """Call back as the carrier does; returns the status. `at` is the carrier's clock."""
    settings.PORTAL_DELIVERY_SECRETS = {"essai": SECRET}
    clock.move_to(NOW)

    def call(facts, *, secret=SECRET, at=NOW, carrier="essai", sent=None):
        body = facts if isinstance(facts, bytes) else json.dumps(facts).encode()
        header = signatures.sign(secret=secret, body=body, now=at)
        response = client.post(
            reverse("messaging:sms_delivery", args=[carrier]),
            sent or body,
            content_type="application/json",
            headers={signatures.HEADER: header},
        )
        return response.status_code

    return call


def about(message, state="delivered", **more):
    return {"reference": str(message.uuid), "state": state, **more}


def facts_of(message):
    message.refresh_from_db()
    return message.delivered_at, message.bounced_at, message.bounce_reason


def test_delivery_is_noted_once(calls):
    message = MessageFactory(sent=True, **SMS)

    assert [calls(about(message)), calls(about(message))] == [204, 204]

    assert facts_of(message) == (NOW, None, "")
    assert message.state == MessageState.SENT


def test_carrier_may_name_its_own_id(calls):
    message = MessageFactory(sent=True, carrier_id="abc-1", **SMS)

    assert calls({"id": "abc-1", "state": "undelivered", "reason": "unknown subscriber"}) == 204

    assert facts_of(message) == (None, NOW, "unknown subscriber")
    assert message.is_bounced


@pytest.mark.parametrize("order", [("delivered", "undelivered"), ("undelivered", "delivered")])
@pytest.mark.parametrize(("channel", "delivered"), [(SMS, True), ({}, False)])
def test_order_of_the_calls_does_not_matter(calls, order, channel, delivered):
    """A phone that has rung has rung; a mail taken then sent back was not delivered."""
    message = MessageFactory(sent=True, **channel)

    for state in order:
        calls(about(message, state))

    message.refresh_from_db()
    assert (message.is_delivered, message.is_bounced) == (delivered, not delivered)


def test_delivery_known_before_the_sending_prevents_a_second_one(calls):
    """The worker was killed after the carrier had the text: the row still says due."""
    message = MessageFactory(**SMS)

    calls(about(message))
    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.SENT, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "autre"},
        {"at": NOW - timedelta(minutes=6)},
        {"at": NOW + timedelta(minutes=6)},
        {"sent": b'{"reference": "changed"}'},
    ],
)
def test_call_without_a_fresh_signature_is_refused(calls, wrong):
    message = MessageFactory(sent=True, **SMS)

    assert calls(about(message), **wrong) == 403
    assert facts_of(message) == (None, None, "")


@pytest.mark.parametrize("header", ["", "t=,v1=", "v1=00", "t=1,v1=zz"])
def test_header_of_another_shape_is_refused(client, settings, header):
    settings.PORTAL_DELIVERY_SECRETS = {"essai": SECRET}
    url = reverse("messaging:sms_delivery", args=["essai"])

    response = client.post(url, b"{}", content_type="application/json", headers={signatures.HEADER: header})
    assert response.status_code == 403


def test_unknown_carrier_does_not_exist(calls):
    assert calls({}, carrier="inconnu") == 404


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b"{}", b'{"state": "maybe"}', b'{"reference": "x", "state": "delivered"}']
)
def test_call_that_says_nothing_is_bad(calls, body):
    assert calls(body) == 400


def test_call_about_nobody_s_message_tells_nothing(calls):
    assert calls({"id": "inconnu", "state": "delivered"}) == 204
    assert calls({"state": "delivered"}) == 204


@pytest.mark.parametrize(
    ("event_type", "delivered", "bounced"),
    [("delivered", NOW, None), ("bounced", None, NOW), ("rejected", None, NOW), ("opened", None, None)],
)
def test_anymail_events_reach_the_same_facts(clock, event_type, delivered, bounced):
    clock.move_to(NOW)
    message = MessageFactory(sent=True, carrier_id="<abc@x>")

    note_email_event(
        event=SimpleNamespace(event_type=event_type, message_id="<abc@x>", reject_reason=None), sender=None
    )

    assert facts_of(message)[:2] == (delivered, bounced)


def test_email_events_are_absent_without_a_provider(client):
    assert client.post(reverse("messaging:email_delivery")).status_code == 404


def test_email_events_need_the_secret_of_the_provider(client, settings):
    settings.PORTAL_EMAIL_EVENTS = "anymail.webhooks.brevo.BrevoTrackingWebhookView"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "nom:secret"}
    message = MessageFactory(sent=True, carrier_id="<abc@x>")
    event = {"event": "delivered", "email": message.recipient, "message-id": "<abc@x>", "ts_epoch": 1}
    url = reverse("messaging:email_delivery")

    refused = client.post(url, json.dumps(event), content_type="application/json")
    assert (refused.status_code, facts_of(message)[0]) == (400, None)

    known = {"Authorization": "Basic bm9tOnNlY3JldA=="}
    taken = client.post(url, json.dumps(event), content_type="application/json", headers=known)
    assert taken.status_code == 200
    assert facts_of(message)[0] is not None
