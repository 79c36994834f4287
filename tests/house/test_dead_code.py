"""bin/dead_code.py finds a name that nothing uses, and only that."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "dead_code.py"
CODE = """
from django.db import models

LIMIT, FORGOTTEN = 3, 4


class Visit(models.Model):
    came_at = models.DateTimeField()


class Kind(models.TextChoices):
    FIRST = "FIRST", "premier"


def shown():
    return LIMIT


def middleware(get_response):
    return get_response


def lost():
    return Visit, Kind
"""


@pytest.fixture(scope="module")
def dead_code():
    spec = importlib.util.spec_from_file_location("dead_code", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path):
    for folder in ("operators", "templates", "cep_portal/settings"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "operators/visits.py").write_text(CODE)
    (tmp_path / "templates/page.html").write_text("<p>lost</p>{{ shown }}")
    (tmp_path / "cep_portal/settings/base.py").write_text('MIDDLEWARE = ["operators.visits.middleware"]\n')
    return tmp_path


def test_only_what_nothing_names_is_reported(dead_code, tree):
    assert dead_code.unused(tree, []) == [
        "operators/visits.py:4: unused variable 'FORGOTTEN'",
        "operators/visits.py:23: unused function 'lost'",
    ]


def test_allowed_names_stay_and_stale_ones_are_reported(dead_code, tree):
    assert dead_code.unused(tree, ["lo*", "FORGOTTEN", "gone"]) == [
        ".ci/unused-allowed.txt: nothing is called gone any more"
    ]


def test_a_name_is_not_allowed_without_a_reason(dead_code, tmp_path):
    listed = tmp_path / "allowed.txt"
    listed.write_text("# a title\n\nlost  # kept for a test\nfound\n")

    with pytest.raises(SystemExit, match="no reason given: found"):
        dead_code.allowed(listed)
