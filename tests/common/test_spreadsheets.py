import csv
from io import StringIO

import pytest

from cep_portal.common.spreadsheets import spreadsheet


def cells(text):
    return next(iter(list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))[1:]))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\u00a0@"])
def test_text_that_a_spreadsheet_would_compute_is_quoted(sign):
    assert cells(spreadsheet(["nom"], [[f"{sign}1+1"]])) == [f"'{sign}1+1"]


@pytest.mark.parametrize(
    ("cell", "written"), [("-2,5", "-2,5"), (-3, "-3"), ("secret", "secret"), (None, ""), ("a-b", "a-b")]
)
def test_numbers_and_plain_words_stay_as_they_are(cell, written):
    assert cells(spreadsheet(["valeur"], [[cell]])) == [written]
