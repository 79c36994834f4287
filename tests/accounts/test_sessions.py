"""A person sees and ends the browsers where the account is open (ASVS 7.4.3, 7.5.2)."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.errors import EmailTaken
from cep_portal.accounts.models import AuditEvent, BrowserSession
from cep_portal.accounts.rules import browser_name
from cep_portal.accounts.services import change_email, close_account
from cep_portal.accounts.tasks import clear_sessions
from tests.factories.accounts import UserFactory

PAGE = "/compte/connexions/"
pytestmark = pytest.mark.django_db


def browsers(user, count=2):
    clients = [Client() for _ in range(count)]
    for client in clients:
        client.force_login(user)
    return clients


def is_signed_in(client):
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox, Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Safari/604",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537",
            "Chrome, Android",
        ),
        ("", "Navigateur inconnu"),
    ],
)
def test_browser_is_named_in_plain_words(user_agent, name):
    assert browser_name(user_agent) == name


def test_page_lists_the_other_browsers_apart(django_assert_num_queries):
    user = UserFactory(role=Role.BENEFICIARY)
    here, *_ = browsers(user, 4)

    with django_assert_num_queries(4):  # session, user, mandates, browsers
        page = here.get(PAGE)

    assert page.context["here"].key == here.session.session_key
    assert len(page.context["others"]) == 3


def test_one_browser_is_ended_and_the_line_is_written():
    user = UserFactory(role=Role.BENEFICIARY)
    here, lost, other = browsers(user, 3)
    row = BrowserSession.objects.get(key=lost.session.session_key)

    here.post(PAGE, {"session": row.uuid})

    assert (is_signed_in(here), is_signed_in(lost), is_signed_in(other)) == (True, False, True)
    line = AuditEvent.objects.get(action="accounts.sessions.ended")
    assert (line.actor, line.data) == (user, {"count": 1})


def test_all_other_browsers_are_ended():
    here, *others = browsers(UserFactory(role=Role.ADVISER), 3)

    here.post(PAGE)

    assert is_signed_in(here)
    assert [is_signed_in(other) for other in others] == [False, False]


def test_nobody_ends_the_browser_of_somebody_else():
    [here], [other] = browsers(UserFactory(role=Role.ADVISER), 1), browsers(UserFactory(role=Role.ADVISER), 1)
    row = BrowserSession.objects.get(key=other.session.session_key)

    here.post(PAGE, {"session": row.uuid})

    assert is_signed_in(other)


def test_a_browser_is_seen_again_after_a_quarter_of_an_hour():
    user = UserFactory(role=Role.BENEFICIARY)
    [here] = browsers(user, 1)
    earlier = timezone.now() - timedelta(hours=1)
    user.browser_sessions.update(started_at=earlier, last_seen_at=earlier)
    session = here.session
    session["seen"] = (session.session_key, earlier.timestamp())
    session.save()

    here.get(PAGE)

    row = user.browser_sessions.get()
    assert row.started_at == earlier
    assert row.last_seen_at > earlier


def test_a_session_under_a_new_key_is_followed():
    user = UserFactory(role=Role.BENEFICIARY)
    [here] = browsers(user, 1)
    session = here.session
    session.cycle_key()
    session.save()
    here.cookies["sessionid"] = session.session_key

    page = here.get(PAGE)

    assert page.context["here"].key == session.session_key
    assert page.context["others"] == []


def test_rows_of_sessions_that_are_over_are_forgotten():
    browsers(UserFactory(role=Role.BENEFICIARY), 2)
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))

    clear_sessions()

    assert BrowserSession.objects.count() == 0


def test_changing_the_address_ends_the_other_browsers():
    user = UserFactory(role=Role.BENEFICIARY)
    here, other = browsers(user)

    change_email(user=user, email="Neuve@exemple.example", but=here.session.session_key, now=timezone.now())

    user.refresh_from_db()
    assert user.email == "neuve@exemple.example"
    assert (is_signed_in(here), is_signed_in(other)) == (True, False)


def test_an_address_of_another_account_is_refused():
    user, other = UserFactory(), UserFactory()

    with pytest.raises(EmailTaken, match="ouvre déjà un autre compte"):
        change_email(user=user, email=other.email.upper(), now=timezone.now())


def test_a_closed_account_is_nobody_and_opens_nothing():
    user = UserFactory(role=Role.BENEFICIARY)
    [here] = browsers(user, 1)

    close_account(user=user, now=timezone.now())
    close_account(user=user, now=timezone.now())

    user.refresh_from_db()
    assert (user.full_name, user.first_name, user.is_active) == (user.email, "", False)
    assert user.email == f"{user.uuid.hex}@efface.invalid"
    assert user.mandates.filter(ended_at__isnull=True).count() == 0
    assert not is_signed_in(here)
