"""On every page as every role an hour reads « 9 h 30 », in one format; days are not written in figures."""

import re

import pytest

from cep_portal.accounts.enums import Role
from tests.access.test_matrix import sides  # noqa: F401 -- the two sides of the matrix
from tests.access.test_typography import UNREAD, pages_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

# A clock, an hour glued to its letter, a half day of English, a day in figures where no hint shows how.
FOREIGN = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b\d{1,2}h(?:\d{2})?\b|\b\d{1,2} ?(?:AM|PM)\b"
    r"|(?<!année : )(?<!exemple )(?<!année\u00a0: )\b\d{1,2}/\d{1,2}/\d{4}\b"
)
# Reads as a program writes: the guide of the API, the contract of the files.
MACHINE = {"operators:api_guide", "operators:delivery_format"}


@pytest.mark.parametrize("role", [None, *Role])
def test_hours_and_days_are_said_in_one_way(sides, role):  # noqa: F811 -- the fixture
    side, _ = sides
    if role is not None and role not in side.people:
        pytest.skip("nobody of this role in the matrix")

    pages = {name: UNREAD.sub("\0", page) for name, page in pages_of(side, role) if name not in MACHINE}

    assert len(pages) > 10
    assert {name: met for name, page in pages.items() if (met := FOREIGN.findall(page))} == {}
