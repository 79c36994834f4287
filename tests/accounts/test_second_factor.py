"""Agents enrol TOTP or a passkey before anything else; people never have to (ASVS 6.3.3)."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings):
    settings.PORTAL_SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role.agents))
def test_agent_without_factor_is_sent_to_enrol(client, role, method):
    """RDV-SP PR 6253, 6319, 6387, RDV-I 2893: second factor walked around."""
    region = RegionFactory() if role == Role.COMMITTEE_MEMBER else None
    client.force_login(UserFactory(role=role, role__region=region))

    response = getattr(client, method)(reverse("accounts:mandate_list"))

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_index"))


def test_agent_without_factor_may_sign_out(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    assert client.get(reverse("account_logout")).status_code == 200


def test_agent_with_totp_works(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client.force_login(user)

    assert client.get(reverse("accounts:mandate_list")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(user)

    assert client.get(reverse("accounts:mandate_list")).status_code == 302


def test_password_sign_in_asks_for_the_code(client):
    user = UserFactory(role=Role.ADMINISTRATOR)
    user.set_password("une phrase assez longue")
    user.save(update_fields=["password"])
    totp.TOTP.activate(user, totp.generate_totp_secret())

    response = client.post(
        reverse("account_login"), {"login": user.email, "password": "une phrase assez longue"}
    )

    assert response["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_beneficiary_needs_no_second_factor(client):
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    assert client.get(reverse("accounts:switch")).status_code == 200


@pytest.mark.parametrize(("password", "accepted"), [("treize-lettre", False), ("quatorze-lettr", True)])
def test_passwords_count_fourteen_characters(password, accepted):
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password)
    except ValidationError:
        assert not accepted
    else:
        assert accepted
