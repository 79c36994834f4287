"""What one person leaves to the next on the same computer, and what an account may take from others."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.tasks import clear_sessions
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_nobody_adds_the_address_of_somebody_else(client):
    """An address added without proof would receive, or be, another person's sign-in."""
    user = UserFactory(role=Role.BENEFICIARY)
    client.force_login(user)

    client.post(reverse("account_email"), {"action_add": "", "email": "victime@exemple.example"})

    assert not EmailAddress.objects.filter(email="victime@exemple.example").exists()


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_change_password", "account_set_password"]
)
def test_pages_that_the_portal_does_not_offer_lead_to_the_desk(client, name):
    signed_out = client.get(reverse(name))
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    assert signed_out["Location"].startswith(reverse("account_login"))
    assert client.get(reverse(name))["Location"] == reverse("beneficiaries:space")


@pytest.mark.parametrize(
    "elsewhere", ["https://ailleurs.example/", "//ailleurs.example", "/\\ailleurs.example"]
)
def test_signing_in_never_leaves_the_portal(client, elsewhere):
    user = UserFactory(role=Role.BENEFICIARY)
    user.set_password("une phrase assez longue")
    user.save()

    response = client.post(
        reverse("account_login"),
        {"login": user.email, "password": "une phrase assez longue", "next": elsewhere},
    )

    assert response["Location"] == reverse("desk")


def test_signing_out_clears_what_the_browser_keeps(client):
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    response = client.post(reverse("account_logout"))

    assert response["Clear-Site-Data"] == '"cache", "storage"'


def test_session_without_account_ends_with_the_browser(client):
    response = client.post(reverse("beneficiaries:start"), {"situation": "EMPLOYEE"})

    assert response.cookies["sessionid"]["max-age"] == ""


def test_sessions_that_are_over_are_deleted(client):
    client.post(reverse("beneficiaries:start"), {"situation": "EMPLOYEE"})
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_sessions()

    assert not Session.objects.exists()
