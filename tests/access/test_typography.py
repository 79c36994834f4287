"""On every page as every role, no mark can be left alone at the start of a line."""

import re

import pytest
from django.test import Client

from cep_portal.accounts.enums import Role
from cep_portal.common.access import PUBLIC, SIGNED_IN
from cep_portal.common.wording.typography import spaced_page
from tests.access.matrix import MATRIX
from tests.access.test_matrix import path_of, sides  # noqa: F401 -- the two sides of the matrix

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

UNREAD = re.compile(r"<(script|style|textarea|pre|code|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
ALONE = re.compile(r".{0,20}(?:[ \n](?:[;?!»]|:(?= |\n|$))(?!\w)|«[ \n]).{0,20}", re.DOTALL)


def pages_of(side, role):
    client = Client()
    if role is not None:
        client.force_login(side.people[role])
    for name, allowed in sorted(MATRIX.items()):
        if allowed in (PUBLIC, SIGNED_IN) or (role is not None and role in allowed):
            response = client.get(path_of(side, name))
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            if response.status_code == 200 and is_page and not response.streaming:
                yield name, response.text


@pytest.mark.parametrize("role", [None, *Role])
def test_marks_stay_with_their_word_on_every_page(sides, settings, role):  # noqa: F811 -- the fixture
    settings.PORTAL_TYPOGRAPHY = True
    side, _ = sides
    if role is not None and role not in side.people:
        pytest.skip("nobody of this role in the matrix")

    pages = dict(pages_of(side, role))

    assert len(pages) > 10
    assert {
        name: found for name, page in pages.items() if (found := ALONE.findall(UNREAD.sub("\0", page)))
    } == {}
    assert {name for name, page in pages.items() if spaced_page(page) != page} == set()
