"""A URL without a declared access fails the build; sign-in is the default."""

from cep_portal.common.access import PUBLIC
from tests.access.matrix import MATRIX
from tests.access.routes import routes


def test_every_view_of_ours_declares_its_access():
    assert [route.path for route in routes() if route.is_ours and route.access is None] == []


def test_every_url_has_a_name():
    assert [route.path for route in routes() if route.name.endswith("None")] == []


def test_matrix_lists_every_url():
    assert sorted(MATRIX) == sorted({route.name for route in routes() if route.is_ours})


def test_public_views_are_the_listed_ones():
    declared = sorted({route.name for route in routes() if route.is_ours and route.access == PUBLIC})

    assert declared == sorted(name for name, allowed in MATRIX.items() if allowed == PUBLIC)
