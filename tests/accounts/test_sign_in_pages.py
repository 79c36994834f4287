"""Every page of the sign-in family is ours, in French, with one title and no undefined variable."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from tests.factories.accounts import UserFactory

PASSWORD = "un mot de passe assez long"
OPEN = [
    ("account_login", "Se connecter"),
    ("beneficiaries:sign_in", "Entrer dans mon espace"),
    ("account_reset_password", "Mot de passe oublié"),
    ("account_reset_password_done", "Consultez votre messagerie"),
    ("account_reset_password_from_key_done", "Votre mot de passe est changé"),
    ("account_inactive", "Ce compte est désactivé"),
]
OWN = [
    ("account_logout", "Se déconnecter ?"),
    ("mfa_index", "Mon second facteur"),
    ("mfa_generate_recovery_codes", "Créer des codes de secours"),
    ("mfa_list_webauthn", "Mes clés"),
    ("mfa_add_webauthn", "Ajouter une clé"),
    ("mfa_deactivate_totp", "Désactiver l’application ?"),
]


def _titles(page):
    html = page.content.decode()
    return re.findall(r"<title>([^<]*) – Mon CEP</title>", html), len(re.findall(r"<h1", html))


@pytest.fixture
def signed_in(client):
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return user


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "title"), OPEN)
def test_open_page_has_our_title(client, name, title):
    assert _titles(client.get(reverse(name))) == ([title], 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "title"), OWN)
def test_page_of_the_second_factor_has_our_title(client, signed_in, name, title):
    TOTP.activate(signed_in, generate_totp_secret())
    RecoveryCodes.activate(signed_in)

    assert _titles(client.get(reverse(name))) == ([title], 1)


@pytest.mark.django_db
def test_application_is_linked_from_its_own_page(client, signed_in):
    assert _titles(client.get(reverse("mfa_activate_totp"))) == (["Relier une application"], 1)


@pytest.mark.django_db
def test_agent_is_asked_for_a_password(client):
    page = client.get(reverse("account_login")).content.decode()

    assert 'name="password" autocomplete="current-password"' in page


@pytest.mark.django_db
def test_wrong_password_is_said_above_the_form(client):
    page = client.post(reverse("account_login"), {"login": "agent@example.org", "password": "faux"})

    assert 'class="error-summary"' in page.content.decode()
