"""The manager's page: a secret shown once, kept as a trace, revoked at once."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.exchange.software import rules
from operators.exchange.software.errors import ClientAlreadyRevoked
from operators.exchange.software.models import ApiClient
from operators.exchange.software.services import revoke_client
from tests.factories.accounts import UserFactory
from tests.factories.operators import ApiClientFactory
from tests.factories.territories import RegionFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.conftest import ask_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
LIST = "operators:integration_list"


@pytest.fixture
def manager(client):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    client.force_login(manager)
    return manager


@pytest.mark.parametrize("role", list(Role))
def test_managers_alone_authorise_software(role):
    user = UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)

    assert rules.can_manage_integrations(user) is (role == Role.OPERATOR_MANAGER)


def test_secret_is_shown_once_and_opens(client, manager):
    page = client.post(reverse(LIST), {"name": "Agenda", "scopes": ["SLOTS_READ"]})

    secret, created = page.context["secret"], ApiClient.objects.get()
    assert (secret in page.text, secret in client.get(reverse(LIST)).text) == (True, False)
    assert secret not in created.secret_hash
    assert (created.organisation, created.scopes) == (manager.mandate.organisation, ["SLOTS_READ"])
    assert ask_token(created, secret).status_code == 200
    line = AuditEvent.objects.get(action="operators.api_client.created")
    assert (line.actor, line.data) == (manager, {"scopes": ["SLOTS_READ"]})


def test_software_has_a_name_and_a_right(client, manager):
    response = client.post(reverse(LIST), {"name": ""})

    assert response.context["form"].errors == {
        "name": ["Donnez un nom au logiciel."],
        "scopes": ["Cochez au moins un droit."],
    }


def test_what_a_revocation_changes_is_read_before(client, manager):
    ApiClientFactory(organisation=manager.mandate.organisation, name="Agenda+", last_used_at=None)

    page = client.get(reverse(LIST)).text

    question = page.partition("Ce qui va changer")[2].partition("</form>")[0]
    assert "Agenda+ ne lit et n’écrit plus rien ici, aussitôt" in question
    assert "Il n’a jamais demandé de jeton." in question.replace("\n", " ").replace("        ", "")
    assert "Révoquer cet accès" in question


def test_manager_revokes_at_once(client, manager):
    software = ApiClientFactory(organisation=manager.mandate.organisation)
    url = reverse("operators:integration_revoke", args=[software.uuid])

    first, second = (client.post(url) for _ in range(2))

    software.refresh_from_db()
    assert (first.url, second.url, software.revoked_at) == (reverse(LIST), reverse(LIST), NOW)
    assert AuditEvent.objects.filter(action="operators.api_client.revoked").get().actor == manager
    with pytest.raises(ClientAlreadyRevoked):
        revoke_client(client=software, by=manager, now=NOW)


def test_software_of_another_operator_does_not_exist(client, manager):
    foreign = ApiClientFactory(name="Étranger")

    assert client.post(reverse("operators:integration_revoke", args=[foreign.uuid])).status_code == 404
    assert "Étranger" not in client.get(reverse(LIST)).text


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, manager, django_assert_num_queries, count):
    ApiClientFactory.create_batch(count, organisation=manager.mandate.organisation)

    with django_assert_num_queries(5):  # session, user, mandates, software, webhooks
        response = client.get(reverse(LIST))

    assert len(response.context["rows"]) == count


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"scopes": []}, "api_client_scopes_known"),
        ({"scopes": ["ALL"]}, "api_client_scopes_known"),
        ({"secret_hash": "in clear"}, "api_client_secret_hashed"),
    ],
)
def test_database_refuses_a_software_without_right_or_with_a_bare_secret(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApiClientFactory(**wrong)
