"""The manager's pages: a secret shown once, an essay, what was sent, what is sent again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.exchange.webhooks import rules
from operators.exchange.webhooks.enums import EventKind, MessageState, SubscriptionState
from operators.exchange.webhooks.gateways import sealing
from operators.exchange.webhooks.models import WebhookMessage, WebhookSubscription
from tests.factories.accounts import UserFactory
from tests.factories.territories import RegionFactory
from tests.factories.webhooks import (
    NOW,
    SECRET,
    WebhookMessageFactory,
    WebhookSubscriptionFactory,
    WebhookTryFactory,
)

pytestmark = pytest.mark.django_db
LIST = "operators:webhook_list"
ASKED = {"url": "https://crm.exemple.fr/mon-cep", "kinds": ["PATHWAY_CLOSED", "APPOINTMENT_BOOKED"]}


@pytest.fixture(autouse=True)
def _present(at):
    at(NOW)


@pytest.fixture
def manager(client):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    client.force_login(manager)
    return manager


@pytest.fixture
def own(manager):
    return WebhookSubscriptionFactory(organisation=manager.mandate.organisation, created_by=manager)


def act(client, name, one, *more, **data):
    url = reverse(f"operators:webhook_{name}", args=[one.uuid, *more])
    response = client.post(url, data)
    one.refresh_from_db()
    return response


def said(client, response) -> str:
    return client.get(response.url).text


@pytest.mark.parametrize("role", list(Role))
def test_managers_alone_have_webhooks(role):
    user = UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)

    assert rules.can_manage_webhooks(user) is (role == Role.OPERATOR_MANAGER)
    assert list(WebhookSubscription.objects.visible_to(user)) == []


def test_secret_is_shown_once(client, manager):
    page = client.post(reverse(LIST), ASKED)

    created, secret = WebhookSubscription.objects.get(), page.context["secret"]
    assert (secret in page.text, secret in client.get(reverse(LIST)).text) == (True, False)
    assert sealing.good_secrets(created, now=NOW) == [secret]
    assert (created.organisation, created.url) == (manager.mandate.organisation, ASKED["url"])
    assert created.kinds == ["APPOINTMENT_BOOKED", "PATHWAY_CLOSED"]
    line = AuditEvent.objects.get(action="operators.webhook.created")
    assert (line.actor, line.data) == (manager, {"kinds": created.kinds})


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"url": ""}, "url", "Donnez l’adresse de votre logiciel."),
        ({"url": "http://crm.exemple.fr/"}, "url", "Donnez une adresse complète"),
        ({"url": "https://10.0.0.1/"}, "url", "Donnez un nom d’hôte public"),
        ({"kinds": []}, "kinds", "Cochez au moins un événement."),
        ({"kinds": ["TEST"]}, "kinds", "« Événements » : choisissez une réponse de la liste"),
    ],
)
def test_form_says_what_to_write(client, manager, changed, field, words):
    errors = client.post(reverse(LIST), ASKED | changed).context["form"].errors

    assert list(errors) == [field]
    assert errors[field][0].startswith(words)
    assert not WebhookSubscription.objects.exists()


def test_ten_subscriptions_are_enough(client, manager):
    WebhookSubscriptionFactory.create_batch(10, organisation=manager.mandate.organisation)

    errors = client.post(reverse(LIST), ASKED).context["form"].non_field_errors()

    assert errors == ["Votre organisme a déjà 10 abonnements : terminez-en un d’abord."]
    assert WebhookSubscription.objects.count() == 10


def test_another_address_and_other_events(client, own):
    response = act(client, "change", own, url="https://autre.exemple.fr/", kinds=["PATHWAY_CLOSED"])

    assert (own.url, own.kinds) == ("https://autre.exemple.fr/", ["PATHWAY_CLOSED"])
    assert "L’abonnement est modifié." in said(client, response)
    assert AuditEvent.objects.filter(action="operators.webhook.changed").count() == 1


def test_new_secret_is_shown_once_beside_the_end_of_the_former(client, own):
    page = act(client, "secret", own)

    secret = page.context["secret"]
    assert secret in page.text
    assert own.former_until == NOW + timedelta(hours=24)
    assert sealing.good_secrets(own, now=NOW) == [secret, SECRET]
    detail = client.get(reverse("operators:webhook_detail", args=[own.uuid])).text
    assert (secret in detail, "signe encore" in detail) == (False, True)
    assert AuditEvent.objects.get(action="operators.webhook.secret_rotated").data == {}


def test_test_is_written_and_shown(client, own):
    response = act(client, "test", own)

    assert own.messages.get().kind == EventKind.TEST
    assert "Essai envoyé" in said(client, response)
    assert AuditEvent.objects.filter(action="operators.webhook.tested").count() == 1


def test_suspended_subscription_sends_no_test(client, own):
    act(client, "suspend", own)

    response = act(client, "test", own)

    assert "Reprenez d’abord les envois" in said(client, response)
    assert not own.messages.exists()


def test_manager_suspends_and_resumes(client, own):
    first, again = act(client, "suspend", own), act(client, "suspend", own)
    assert (own.state, own.suspension, own.suspended_at) == ("SUSPENDED", "BY_MANAGER", NOW)
    assert "Les envois sont suspendus." in said(client, first)
    assert again.status_code == 302

    act(client, "resume", own)
    refused = act(client, "resume", own)

    assert (own.state, own.suspended_at) == (SubscriptionState.ACTIVE, None)
    assert "cet abonnement n’est pas suspendu" in said(client, refused)
    actions = AuditEvent.objects.filter(action__startswith="operators.webhook.").order_by("pk")
    assert [event.action.rpartition(".")[2] for event in actions] == ["suspended", "resumed"]


def test_end_destroys_the_secret_and_gives_up_what_waited(client, own):
    act(client, "secret", own)
    waiting = WebhookMessageFactory(subscription=own)
    received = WebhookMessageFactory(subscription=own, delivered=True)

    act(client, "end", own)

    assert (own.state, bytes(own.sealed), bytes(own.former_sealed)) == ("ENDED", b"", b"")
    states = [WebhookMessage.objects.get(pk=message.pk).state for message in (waiting, received)]
    assert states == [MessageState.GIVEN_UP, MessageState.DELIVERED]
    for name in ("end", "secret", "replay_all", "change", "suspend", "resume", "test"):
        act(client, name, own, since="2026-11-01", **ASKED)
    assert own.state == SubscriptionState.ENDED
    assert set(own.messages.values_list("state", flat=True)) == {"GIVEN_UP", "DELIVERED"}


def test_messages_are_filtered_by_state(client, own):
    lost = WebhookMessageFactory(subscription=own, given_up=True)
    WebhookTryFactory(message=lost, number=1, status=503)
    WebhookTryFactory(message=lost, number=2, status=None, failure="TIMEOUT")
    WebhookMessageFactory(subscription=own, delivered=True)
    WebhookMessageFactory(given_up=True)
    url = reverse("operators:webhook_detail", args=[own.uuid])

    everything, given_up, unknown = (
        client.get(url, query) for query in ({}, {"etat": "GIVEN_UP"}, {"etat": "autre"})
    )

    assert [len(page.context["rows"]) for page in (everything, given_up, unknown)] == [2, 1, 2]
    assert [item["count"] for item in everything.context["filters"][0]["items"]] == [2, 0, 0, 1, 1]
    assert "code 503" in given_up.text
    assert "pas de réponse à temps" in given_up.text
    assert str(lost.event) in given_up.text


def test_one_message_is_sent_again(client, own):
    lost = WebhookMessageFactory(subscription=own, given_up=True)

    told = [said(client, act(client, "replay", own, lost.event)) for _ in range(2)]

    lost.refresh_from_db()
    assert (lost.state, lost.next_try_at, lost.tries_before) == (MessageState.PENDING, NOW, 8)
    assert "avec le même identifiant" in told[0]
    assert "encore en route" in told[1]
    line = AuditEvent.objects.get(action="operators.webhook.replayed")
    assert line.data == {"event": str(lost.event)}


def test_all_that_was_given_up_since_a_day_is_sent_again(client, own):
    def lost(**ago):
        return WebhookMessageFactory(subscription=own, given_up=True, created_at=NOW - timedelta(**ago))

    first_instant = lost(days=2, hours=17)  # midnight in Paris
    today, before = lost(hours=1), lost(days=2, hours=17, seconds=1)
    received = WebhookMessageFactory(subscription=own, delivered=True)
    foreign = WebhookMessageFactory(given_up=True)

    response = act(client, "replay_all", own, since="2026-11-21")

    assert set(WebhookMessage.objects.filter(state="PENDING")) == {first_instant, today}
    assert set(WebhookMessage.objects.exclude(state="PENDING")) == {before, received, foreign}
    assert "2 messages à renvoyer." in said(client, response)


def test_replay_without_a_day_says_so(client, own):
    assert "indiquez une date, par exemple" in said(client, act(client, "replay_all", own, since=""))


@pytest.mark.parametrize(
    "name", ["detail", "change", "secret", "test", "suspend", "resume", "end", "replay_all", "replay"]
)
def test_webhook_of_another_operator_does_not_exist(client, manager, name):
    foreign = WebhookMessageFactory(given_up=True)
    args = [foreign.subscription.uuid, *([foreign.event] if name == "replay" else [])]
    url = reverse(f"operators:webhook_{name}", args=args)

    get, post = client.get(url), client.post(url, ASKED | {"since": "2026-11-01"})

    expected = {"detail": (404, 405), "change": (404, 404)}
    assert (get.status_code, post.status_code) == expected.get(name, (405, 404))


def test_message_of_another_subscription_does_not_exist(client, own):
    foreign = WebhookMessageFactory(given_up=True)

    assert act(client, "replay", own, foreign.event).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, manager, django_assert_num_queries, count):
    for _ in range(count):
        WebhookMessageFactory(subscription__organisation=manager.mandate.organisation, given_up=True)

    with django_assert_num_queries(4):  # session, user, mandates, subscriptions
        response = client.get(reverse(LIST))

    assert [row["subscription"].given_up for row in response.context["rows"]] == [1] * count


@pytest.mark.parametrize("count", [1, 4])
def test_message_list_query_count_is_constant(client, own, django_assert_num_queries, count):
    for _ in range(count):
        WebhookTryFactory(message__subscription=own)
    url = reverse("operators:webhook_detail", args=[own.uuid])

    with django_assert_num_queries(
        8
    ):  # session, user, mandates, subscription, states, count, messages, tries
        response = client.get(url)

    assert len(response.context["rows"]) == count


def test_integrations_page_says_what_is_wrong(client, manager, own):
    url = reverse("operators:integration_list")
    assert "aucun abandonné" in client.get(url).text

    WebhookMessageFactory(subscription=own, given_up=True)
    WebhookMessageFactory(subscription=own)
    WebhookSubscriptionFactory(organisation=own.organisation, suspended=True)
    WebhookSubscriptionFactory(organisation=own.organisation, failing_since=NOW)
    WebhookMessageFactory(given_up=True)

    page = client.get(url)

    section = next(one for one in page.context["sections"] if "webhooks" in one.template)
    health = section.data["health"]
    assert (health.subscriptions, health.suspended, health.failing) == (3, 1, 1)
    assert (health.given_up, health.live) == (1, 1)
    assert "1 abandonné</strong> en 30 jours" in page.text
