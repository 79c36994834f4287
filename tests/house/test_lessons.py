"""docs/lessons.md is true: each bug that others had is shown absent by a test that names it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
LESSONS = {int(row[0]): row[1:] for row in ROW.findall((ROOT / "docs/lessons.md").read_text())}
KIND = re.compile(r"^\| K(\d+) \| (.+) \| (.+) \| (.+) \|$", re.MULTILINE)
KINDS = {int(row[0]): row[1:] for row in KIND.findall((ROOT / "docs/lessons.md").read_text())}
CITED = [
    (number, *place)
    for number, (_, _, shown) in KINDS.items()
    for place in re.findall(r"`([\w/]+\.py)::(\w+)`", shown)
]
SHOWN = [
    (number, *place)
    for number, (_, _, shown) in LESSONS.items()
    for place in re.findall(r"`([\w/]+\.py)::(\w+)`", shown)
]


@cache
def words_of(path: str) -> dict[str, str]:
    """Each test of a file with what names its bug: its name, its docstring, that of its file."""
    tree = ast.parse((ROOT / path).read_text())
    above = ast.get_docstring(tree) or ""
    return {
        node.name: f"{node.name.replace('_', ' ')} {ast.get_docstring(node) or ''} {above}"
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def test_every_lesson_has_its_row():
    assert sorted(LESSONS) == list(range(1, 69))


@pytest.mark.parametrize("number", LESSONS)
def test_lesson_is_short_and_shown_or_said_to_come_later(number):
    _, lesson, shown = LESSONS[number]

    assert len(lesson.split()) <= 12
    assert "::" in shown or shown.startswith("later: ")


@pytest.mark.parametrize(("number", "path", "name"), SHOWN)
def test_test_of_a_lesson_exists_and_names_its_bug(number, path, name):
    bugs = set(re.findall(r"\d{2,}", LESSONS[number][0]))

    assert bugs & set(re.findall(r"\d+", words_of(path)[name])) != set()


def test_kinds_are_numbered_without_a_gap():
    assert sorted(KINDS) == list(range(1, len(KINDS) + 1))
    assert len(KINDS) > 20


@pytest.mark.parametrize("number", KINDS)
def test_kind_is_short_and_shown(number):
    kind, lesson, shown = KINDS[number]

    assert len(kind.split()) <= 12
    assert len(lesson.split()) <= 16
    assert "::" in shown


@pytest.mark.parametrize(("number", "path", "name"), CITED)
def test_test_of_a_kind_exists(number, path, name):
    assert name in words_of(path)
