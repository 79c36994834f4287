"""Two people open one page, both write: the second reads both texts, and nothing is overwritten unread."""

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory
from tests.factories.plans import ActionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return AdviserFactory()


@pytest.fixture
def manager(client, adviser):
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=adviser.site.contract.holder)
    client.force_login(manager)
    return manager


def both_write(client, url, first, second):
    """The answer to the second writer, on pages opened at once."""
    version = client.get(url).context["form"].version
    assert client.post(url, {**first, "version": version}).status_code == 302
    answer = client.post(url, {**second, "version": version})
    assert answer.status_code == 200
    assert "Rien n’est perdu" in answer.text
    return answer.context["form"]


def test_a_place(client, adviser, manager):
    site = adviser.site
    told = {"name": site.name, "address": "1 rue A", "postcode": site.postcode, "phone": "05 49 00 00 00"}

    form = both_write(
        client,
        reverse("operators:site_change", args=[site.slug]),
        told | {"access": "Sonnez"},
        told | {"access": "Entrez"},
    )

    site.refresh_from_db()
    assert site.access == "Sonnez"
    assert [(one.mine, one.theirs) for one in form.differences] == [("Entrez", "Sonnez")]


def test_a_capacity(client, adviser, manager):
    url = reverse("operators:adviser_capacity", args=[adviser.uuid])

    form = both_write(client, url, {"max_per_day": "4"}, {"max_per_day": "6"})

    adviser.refresh_from_db()
    assert adviser.max_per_day == 4
    assert [(one.mine, one.theirs) for one in form.differences] == [("6", "4")]


def test_an_action_of_a_plan(client, adviser):
    action = ActionFactory(objective__plan__pathway__adviser=adviser, title="Lire")
    client.force_login(adviser.user)
    told = {"actor": action.actor, "due_on": "", "help_text": ""}

    form = both_write(
        client,
        reverse("operators:plan_action", args=[action.uuid]),
        told | {"title": "Lire dix offres"},
        told | {"title": "Lire vingt offres"},
    )

    action.refresh_from_db()
    assert action.title == "Lire dix offres"
    assert ("Lire vingt offres", "Lire dix offres") in [(one.mine, one.theirs) for one in form.differences]
