"""Public pages: axe finds nothing in any look, nothing overflows, nothing leaves, and they weigh little."""

import pytest
from django.urls import reverse

from tests.journeys.ecoindex import ecoindex, weigh
from tests.journeys.looks import LOOKS, is_shown, public_pages

pytestmark = [pytest.mark.browser, pytest.mark.slow]

GRADE_A = 80


# Dark is walked on a phone: wide and dark is one look of bin/test --full.
@pytest.mark.parametrize(
    ("width", "scheme"),
    [pytest.param(*look, marks=pytest.mark.full if look == (1280, "dark") else ()) for look in LOOKS],
)
def test_public_pages_in_every_look(walker, width, scheme):
    """RDV-SP 1825, 2082, 3207: grid closed to keyboard and screen readers."""
    assert walker.faults(None, public_pages(), width, scheme) == []


def test_public_pages_weigh_little(visitor, stack, side):
    grades = {}
    for name in public_pages():
        if name.startswith(("common:components", "messaging:")):
            continue  # of the demonstration only
        page = visitor(width=390)
        path = reverse(name, kwargs=side.kwargs.get(name, {}))
        if is_shown(page, path) and page.goto(path).ok:
            grades[name] = ecoindex(**weigh(page))

    assert {name: grade for name, grade in grades.items() if grade <= GRADE_A} == {}
    assert len(grades) > 15
