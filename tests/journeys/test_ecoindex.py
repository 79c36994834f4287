import pytest

from tests.journeys.ecoindex import ecoindex


@pytest.mark.parametrize(
    ("elements", "requests", "kilobytes", "grade"), [(300, 15, 250, 81.9), (400, 12, 200, 78.3)]
)
def test_ecoindex_replays_the_published_examples(elements, requests, kilobytes, grade):
    assert round(ecoindex(elements=elements, requests=requests, kilobytes=kilobytes), 1) == grade
