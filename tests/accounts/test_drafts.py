"""A long text survives the end of its session: sealed for the account of its page, a day, and given back."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.models import Draft
from cep_portal.accounts.rules import DRAFT_BYTES, DRAFTS
from cep_portal.accounts.selectors import draft_typed
from cep_portal.accounts.services import close_account, forget_drafts, keep_draft
from cep_portal.accounts.tasks import clear_sessions
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.factories.summaries import SummaryFactory

pytestmark = pytest.mark.django_db
LONG = "Elle veut devenir boulangère.\nElle a déjà tenu un atelier.\n" * 60


@pytest.fixture
def summary():
    return SummaryFactory(pathway=PathwayFactory(adviser=AdviserFactory()), project="Boulangère")


@pytest.fixture
def url(summary):
    return reverse("operators:summary", args=[summary.pathway.uuid])


@pytest.fixture
def user(summary):
    return summary.pathway.adviser.user


def page_of(client, url, user):
    """The hidden fields of the page, as its form sends them."""
    client.force_login(user)
    text = client.get(url).content.decode()
    return {
        name: re.search(rf'name="{name}" value="([^"]+)"', text).group(1) for name in ("brouillon", "version")
    }


def sent_too_late(client, url, user, **typed):
    hidden = page_of(client, url, user)
    Session.objects.all().delete()
    return client.post(url, {**hidden, "project": LONG, "acte": "garder", **typed})


def test_the_text_is_sealed_and_given_back_after_sign_in(client, url, user, summary):
    answer = sent_too_late(client, url, user, advice="Appeler")

    assert answer.url == f"{reverse('account_login')}?next={url}"
    draft = Draft.objects.get()
    assert (draft.user, draft.path) == (user, url)
    assert b"boulang" not in bytes(draft.sealed)
    client.force_login(user)
    page = client.get(url)
    assert "Votre texte est revenu" in page.text
    form = page.context["form"]
    assert (form["project"].initial, form["advice"].initial) == (LONG, "Appeler")
    summary.refresh_from_db()
    assert summary.project == "Boulangère"


def test_what_is_sent_after_sign_in_is_kept_no_longer(client, url, user, summary):
    sent_too_late(client, url, user)
    hidden = page_of(client, url, user)

    client.post(url, {**hidden, "project": LONG, "acte": "garder"})

    summary.refresh_from_db()
    assert summary.project == LONG.strip()
    assert not Draft.objects.exists()
    assert "Votre texte est revenu" not in client.get(url).text


def test_a_text_given_back_is_compared_with_what_was_written_meanwhile(client, url, user, summary):
    sent_too_late(client, url, user)
    summary.project = "Pâtissière"
    summary.save()

    hidden = page_of(client, url, user)
    second = client.post(url, {**hidden, "project": LONG, "acte": "garder"})

    assert "Déjà enregistré : Pâtissière" in second.text


def test_nobody_else_reads_it(client, url, user, summary):
    sent_too_late(client, url, user)
    colleague = AdviserFactory(site=summary.pathway.adviser.site).user

    client.force_login(colleague)

    assert LONG.strip() not in client.get(url, follow=True).text
    assert draft_typed(user=colleague, path=url, now=timezone.now()) == {}


@pytest.mark.parametrize("token", ["", "x", "WzEsICIvIl0:1abc:xyz"])
def test_nothing_is_kept_of_an_unknown_visitor(client, url, user, token):
    answer = Client().post(url, {"brouillon": token, "project": LONG})

    assert answer.url.startswith(reverse("account_login"))
    assert not Draft.objects.exists()


def test_a_draft_lasts_a_day(client, url, user):
    sent_too_late(client, url, user)
    tomorrow = timezone.now() + timedelta(hours=24)

    assert draft_typed(user=user, path=url, now=tomorrow) == {}
    assert forget_drafts(now=tomorrow) == 1


def test_the_nightly_task_leaves_the_drafts_of_the_day(client, url, user):
    sent_too_late(client, url, user)

    clear_sessions()

    assert Draft.objects.count() == 1


def test_caps_of_size_and_number(user):
    now = timezone.now()

    assert keep_draft(user=user, path="/long/", values={"text": ["x" * DRAFT_BYTES]}, now=now) is None
    for number in range(DRAFTS + 5):
        keep_draft(user=user, path=f"/{number}/", values={"text": ["x"]}, now=now)
    assert Draft.objects.count() == DRAFTS


def test_a_shut_account_keeps_and_receives_none(client, url, user):
    sent_too_late(client, url, user)

    close_account(user=user, now=timezone.now())

    assert not Draft.objects.exists()
    assert keep_draft(user=user, path="/", values={"text": ["x"]}, now=timezone.now()) is None
