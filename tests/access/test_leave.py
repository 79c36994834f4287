"""« Quitter ce site » is on every page that a person may have open at work, once; agents do not need it."""

import pytest
from django.db import transaction
from django.test import Client

from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC
from tests.access.matrix import MATRIX
from tests.access.test_matrix import path_of
from tests.access.world import build_both

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SHOWCASE = "common:components"
LEAVE = 'rel="noreferrer nofollow" data-leave>Quitter ce site</a>'
ROAD = {
    "beneficiaries:home",
    "beneficiaries:request",
    "beneficiaries:request_contact",
    "operators:slot_list",
    "operators:booking",
    "operators:booking_code",
    "operators:appointment",
    "operators:site_detail",
    "reporting:survey",
}


@pytest.fixture(scope="module")
def here(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_both()[0]
        transaction.set_rollback(True)


def leaves(client, here, name) -> int | None:
    """How many « Quitter ce site » a page has; None when the URL gives no page."""
    response = client.get(path_of(here, name))
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return None
    page = response.content.decode()
    return page.count(LEAVE) if "<html" in page else None


def test_every_public_page_is_left_in_one_press(here):
    public = [name for name, allowed in MATRIX.items() if allowed == PUBLIC and name != SHOWCASE]
    found = {name: leaves(Client(), here, name) for name in public}

    pages = {name: count for name, count in found.items() if count is not None}
    assert pages == dict.fromkeys(pages, 1)
    assert set(pages) >= ROAD


def test_own_space_is_left_in_one_press(here):
    client = Client()
    client.force_login(here.people[Role.BENEFICIARY])

    assert leaves(client, here, "beneficiaries:space") == 1


def test_agents_have_no_such_link(here):
    client = Client()
    client.force_login(here.people[Role.ADVISER])

    assert leaves(client, here, "operators:today") == 0
