"""The list of mutants cannot rot unseen: each can still be put in its file (the long run plays them)."""

from dataclasses import replace

import pytest

from tests.mutants.catalogue import AREAS, Mutant, complaints_about, read_mutants
from tests.mutants.trees import Tree

MUTANT = Mutant(
    area="rules",
    name="strict",
    plays="The limit itself is refused.",
    file="rules.py",
    was="a <= b",
    becomes="a < b",
    tests=["tests/house/test_mutants.py"],
)


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "rules.py").write_text("def is_over(a, b):\n    return a <= b\n")
    (tmp_path / "tests/house").mkdir(parents=True)
    (tmp_path / "tests/house/test_mutants.py").write_text("def test_is_over(): ...\n")
    return Tree(tmp_path)


def about(tree, **changed):
    return [
        words.removeprefix("strict: ")
        for words in complaints_about([replace(MUTANT, **changed)], tree.root)
        if words.startswith("strict: ")
    ]


def test_every_mutant_can_be_applied():
    assert complaints_about(read_mutants()) == []


def test_every_area_has_its_mutants():
    assert {mutant.area for mutant in read_mutants()} == {*AREAS}


def test_a_mutant_that_can_be_applied_is_not_complained_of(tree):
    assert about(tree) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"file": "gone.py"}, "gone.py does not exist"),
        ({"was": "a == b"}, "its text occurs 0 times in rules.py"),
        ({"was": "a", "becomes": "c"}, "its text occurs 2 times in rules.py"),
        ({"becomes": "a <= b  # the same"}, "what it becomes is not Python, or the same program"),
        ({"becomes": "a <"}, "what it becomes is not Python, or the same program"),
        ({"tests": ["tests/gone.py"]}, "tests/gone.py does not exist"),
        (
            {"tests": ["tests/house/test_mutants.py::test_gone"]},
            "tests/house/test_mutants.py::test_gone does not exist",
        ),
        ({"tests": ["-k", "over"]}, "it names no test"),
    ],
)
def test_a_mutant_that_rotted_is_named(tree, changed, words):
    assert about(tree, **changed) == [words]


def test_two_mutants_of_one_name_are_refused(tree):
    assert "strict: 2 mutants have this name" in complaints_about([MUTANT, MUTANT], tree.root)


def test_few_mutants_are_refused(tree):
    assert "1 mutants, 80 at least are wanted" in complaints_about([MUTANT], tree.root)


def test_a_tree_holds_its_mutant_for_a_while_only(tree):
    path = tree.root / MUTANT.file
    before = path.read_text(), path.stat().st_mtime_ns

    with tree.holding(MUTANT):
        during = path.read_text()

    assert "return a < b" in during
    assert (path.read_text(), path.stat().st_mtime_ns) == before
