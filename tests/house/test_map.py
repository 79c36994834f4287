"""docs/architecture.md leads somewhere: each path it names exists, and each subject stands in it."""

import re
from pathlib import Path

import pytest

from operators.subjects import SUBJECTS

ROOT = Path(__file__).resolve().parents[2]
MAP = (ROOT / "docs" / "architecture.md").read_text().partition("## Hooks")[0]
NAMED = sorted(set(re.findall(r"`((?:\w+/)+[\w.-]+)`", MAP)))


def test_paths_are_named():
    assert len(NAMED) > 40


@pytest.mark.parametrize("path", NAMED)
def test_path_of_the_map_exists(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("subject", [name for name in SUBJECTS if name.count(".") == 2])
def test_subject_stands_in_its_storey_on_the_map(subject):
    _, storey, name = subject.split(".")
    (row,) = re.findall(rf"^\| `operators/{storey}` .*$", MAP, re.MULTILINE)

    assert name in [each.strip() for each in row.strip("|").rpartition("|")[2].split(",")]
