"""Every desk page as every role, on a wide light screen: axe finds nothing, nothing leaves or overflows."""

import pytest

from tests.journeys.looks import LOOKS, desk_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_every_page_as_every_role(walker, side):
    wrong = [
        fault for role in sorted(side.people) for fault in walker.faults(role, desk_pages(role), *LOOKS[0])
    ]

    assert wrong == []
