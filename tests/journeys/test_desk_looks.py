"""Desk pages on a narrow screen, light and dark: each once, by the first role that it opens to."""

import pytest

from tests.journeys.looks import LOOKS, desk_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]


# The walk of each role is wide and light: narrow and dark here shows both other sides.
@pytest.mark.parametrize(
    ("width", "scheme"),
    [pytest.param(*look, marks=pytest.mark.full if "light" in look else ()) for look in LOOKS[2:]],
)
def test_desks_in_every_look(walker, side, width, scheme):
    seen: set[str] = set()
    wrong = []
    for role in sorted(side.people):
        names = [name for name in desk_pages(role) if name not in seen]
        seen.update(names)
        wrong += walker.faults(role, names, width, scheme)

    assert wrong == []
