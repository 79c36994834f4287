import re

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "un mot de passe assez long"


def signed_in_user(client) -> str | None:
    return client.session.get("_auth_user_id")


def test_agent_gets_no_code(client):
    """RDV-SP PR 6253, 6319, 6387, RDV-I 2893: second factor walked around.

    The code of a space opens no agent's account.
    """
    agent = UserFactory(email="agent@exemple.example", role=Role.ANALYST)
    client.post(reverse("beneficiaries:sign_in"), {"contact": agent.email})
    code = re.search(r"^\d{6}$", Message.objects.get().body, re.MULTILINE)[0]

    page = client.post(reverse("beneficiaries:sign_in_code"), {"code": code})

    assert signed_in_user(client) is None
    assert "Se connecter avec un mot de passe" in page.text


def test_agent_enters_by_password_and_gets_no_mail(client):
    user = UserFactory(email="agent@exemple.example", role=Role.ANALYST)
    user.set_password(PASSWORD)
    user.save()

    client.post(reverse("account_login"), {"login": "agent@exemple.example", "password": PASSWORD})

    assert signed_in_user(client) == str(user.pk)
    assert not Message.objects.exists()


def test_password_reset_goes_through_the_outbox(client):
    user = UserFactory(email="agent@exemple.example", role=Role.ANALYST)
    user.set_password(PASSWORD)
    user.save()

    client.post(reverse("account_reset_password"), {"email": "agent@exemple.example"})

    message = Message.objects.get()
    assert message.subject == "Votre nouveau mot de passe"
    assert "http://testserver/compte/password/reset/key/" in message.body


def test_nobody_signs_up_alone(client):
    client.post(reverse("account_signup"), {"email": "nouveau@exemple.example"})

    assert signed_in_user(client) is None
    assert not Message.objects.exists()
