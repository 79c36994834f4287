"""docs/kpi.md and the register say the same, and their figures are those the code prints."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from reporting.kpis.rules import make_cell
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.wording import figure

DOC = (Path(__file__).parents[3] / "docs" / "kpi.md").read_text("utf-8")


def plain(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def section(definition):
    return DOC.split(f"## {definition.number} {definition.code}\n")[1].split("\n## ")[0]


def whole(text):
    return int(text.replace(" ", "")) if text.strip() else None


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_each_section_says_what_the_register_says(definition):
    words = section(definition)

    said = re.findall(r"^(?:> |\* \w+: )(.+)$", words, re.MULTILINE)
    assert said == [
        definition.definition,
        definition.formula,
        definition.numerator,
        definition.denominator,
        definition.source,
        definition.maturity,
    ]


@pytest.mark.parametrize("definition", DEFINITIONS.values(), ids=DEFINITIONS)
def test_each_worked_figure_is_what_the_code_prints(definition):
    rows = re.findall(r"^\| ([\d ]+) \| ([\d ]*) ?\| (.+) \|$", section(definition), re.MULTILINE)

    assert rows
    for numerator, denominator, shown in rows:
        cell = make_cell(definition, whole(numerator), whole(denominator))
        assert plain(figure(definition, cell)) == shown
    worked = definition.worked
    cell = make_cell(definition, worked.numerator, worked.denominator)
    assert plain(figure(definition, cell)) == worked.shown
    assert isinstance(cell.value, Decimal)


def test_every_indicator_has_one_section():
    codes = re.findall(r"^## K\d (\w+)$", DOC, re.MULTILINE)

    assert codes == list(DEFINITIONS)
