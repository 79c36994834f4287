import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from tests.factories.accounts import MandateFactory, UserFactory

pytestmark = pytest.mark.django_db
ASK, CONFIRM = reverse("account_request_login_code"), reverse("account_confirm_login_code")
PASSWORD = "un mot de passe assez long"


def ask_for_code(client, email):
    return client.post(ASK, {"email": email}, follow=True)


def code_sent_to(email) -> str:
    return re.search(r"^([A-Z0-9-]{6,9})$", Message.objects.get(recipient=email).body, re.MULTILINE)[1]


def signed_in_user(client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("role", [None, Role.BENEFICIARY])
def test_person_enters_by_code(client, role):
    user = UserFactory(email="camille@exemple.example", role=role)
    ask_for_code(client, "Camille@exemple.example")

    client.post(CONFIRM, {"code": code_sent_to("camille@exemple.example")})

    assert signed_in_user(client) == str(user.pk)


def test_code_message_is_discreet_and_short_lived(client):
    UserFactory(email="camille@exemple.example")
    ask_for_code(client, "camille@exemple.example")

    message = Message.objects.get()
    assert message.subject == "Votre code de connexion"
    assert (message.expires_at - message.due_at).total_seconds() == 600


def test_wrong_code_does_not_enter(client):
    UserFactory(email="camille@exemple.example")
    ask_for_code(client, "camille@exemple.example")

    client.post(CONFIRM, {"code": "AAAA-AAAA"})

    assert signed_in_user(client) is None


def test_agent_gets_no_code(client):
    """RDV-SP PR 6253, 6319, 6387, RDV-I 2893: second factor walked around."""
    UserFactory(email="agent@exemple.example", role=Role.ANALYST)
    ask_for_code(client, "agent@exemple.example")

    message = Message.objects.get()
    assert message.subject == "Votre demande de code"
    assert "http://testserver/compte/login/" in message.body
    assert not re.search(r"^[A-Z0-9-]{6,9}$", message.body, re.MULTILINE)


def test_person_become_agent_after_the_code_is_refused(client):
    user = UserFactory(email="camille@exemple.example")
    ask_for_code(client, "camille@exemple.example")
    MandateFactory(user=user, role=Role.ADVISER)

    response = client.post(CONFIRM, {"code": code_sent_to("camille@exemple.example")}, follow=True)

    assert signed_in_user(client) is None
    assert "Votre compte professionnel se connecte avec un mot de passe" in response.content.decode()
    again = client.post(CONFIRM, {"code": code_sent_to("camille@exemple.example")})
    assert (again.status_code, signed_in_user(client)) == (302, None)


def test_former_agent_enters_by_code(client):
    user = UserFactory(email="camille@exemple.example")
    MandateFactory(user=user, role=Role.ANALYST, ends_on=date(2024, 6, 30))
    ask_for_code(client, "camille@exemple.example")

    client.post(CONFIRM, {"code": code_sent_to("camille@exemple.example")})

    assert signed_in_user(client) == str(user.pk)


def test_agent_enters_by_password_and_gets_no_mail(client):
    user = UserFactory(email="agent@exemple.example", role=Role.ANALYST)
    user.set_password(PASSWORD)
    user.save()

    client.post(reverse("account_login"), {"login": "agent@exemple.example", "password": PASSWORD})

    assert signed_in_user(client) == str(user.pk)
    assert not Message.objects.exists()


def test_screen_says_the_same_to_known_unknown_and_agents(client):
    UserFactory(email="camille@exemple.example")
    UserFactory(email="agentes@exemple.example", role=Role.ANALYST)
    addresses = ["camille@exemple.example", "agentes@exemple.example", "inconnu@exemple.example"]

    def screen(email):
        client.logout()
        page = ask_for_code(client, email)
        text = page.content.decode().replace(email, "…")
        return page.redirect_chain, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)

    known, agent, unknown = [screen(email) for email in addresses]

    assert known == agent == unknown
    assert [Message.objects.filter(recipient=email).count() for email in addresses] == [1, 1, 1]


def test_unknown_address_is_told_without_code(client):
    ask_for_code(client, "inconnu@exemple.example")

    message = Message.objects.get()
    assert "Nous ne la connaissons pas encore" in message.body
    assert message.created_at <= timezone.now()


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
