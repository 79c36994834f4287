from dataclasses import dataclass

import pytest

from cep_portal.common.facts import grouped


@dataclass(frozen=True)
class Terms:
    text: str
    target: int = 3


def test_values_that_a_dataclass_names_are_gathered_in_it():
    assert grouped({"title": "a", "text": "b", "target": 4}, terms=Terms) == {
        "title": "a",
        "terms": Terms(text="b", target=4),
    }


def test_a_default_stands_for_what_is_not_given():
    assert grouped({"text": "b"}, terms=Terms) == {"terms": Terms(text="b", target=3)}


def test_a_missing_field_is_an_error():
    with pytest.raises(TypeError, match="text"):
        grouped({"target": 4}, terms=Terms)
