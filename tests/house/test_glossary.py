"""docs/glossary.md and the code say the same words."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Choices

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
LATER = "## Words kept for what comes"
ROW = re.compile(r"^\| (?P<french>[^|]+) \| (?P<identifiers>[^|]+) \| (?P<note>[^|]*)\|$", re.MULTILINE)
IDENTIFIER = re.compile(r"`(\w+)`")
OF_ITS_MODEL = re.compile(r"(State|Kind|Reason)$")
TECHNICAL = {
    "Reason": "of a LinkFailure, written inside its module",
    "MessageState": "of Message, and of WebhookMessage in its own subject",
}


def _lines(text: str) -> list[tuple[str, list[str]]]:
    rows = ((row["french"].strip(), IDENTIFIER.findall(row["identifiers"])) for row in ROW.finditer(text))
    return [(french, identifiers) for french, identifiers in rows if identifiers]


@pytest.fixture(scope="module")
def glossary():
    """The lines of the words in use, and those of the words kept for later."""
    used, later = (ROOT / "docs/glossary.md").read_text().split(LATER)
    return _lines(used), _lines(later)


@pytest.fixture(scope="module")
def words():
    files = [
        path for app in PRODUCT for path in (ROOT / app).rglob("*.py") if path.parent.name != "migrations"
    ]
    nodes = [node for path in files for node in ast.walk(ast.parse(path.read_text()))]
    return {
        getattr(node, name) for node in nodes for name in ("id", "attr", "arg", "name") if hasattr(node, name)
    }


def _ours(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] in PRODUCT


def _lists(parent: type[Choices] = Choices) -> set[type[Choices]]:
    children = set(parent.__subclasses__())
    return {each for each in children if _ours(each.__module__)}.union(*map(_lists, children))


def _is_said(name: str, identifiers: set[str]) -> bool:
    """Whether a closed list has its line, or is called after a thing that has one."""
    stem = OF_ITS_MODEL.sub("", name)
    after = stem != name and any(each.startswith(stem) or each.endswith(stem) for each in identifiers)
    return name in identifiers or after


def test_every_word_has_one_line(glossary):
    used, later = glossary
    written = [identifier for _, identifiers in used + later for identifier in identifiers]
    french = [words for words, _ in used + later]

    assert len(used) > 120
    assert sorted({each for each in written if written.count(each) > 1}) == []
    assert sorted({each for each in french if french.count(each) > 1}) == []


def test_every_identifier_is_in_the_code(glossary, words):
    used, later = glossary

    assert [name for _, identifiers in used for name in identifiers if name not in words] == []
    assert [name for _, identifiers in later for name in identifiers if name in words] == []


def test_every_model_has_its_line_and_its_french(glossary):
    used, _ = glossary
    french = {name: words for words, identifiers in used for name in identifiers}
    models = [model for model in apps.get_models() if _ours(model.__module__)]
    spoken = {model.__name__: str(model._meta.verbose_name) for model in models}

    assert sorted(name for name in spoken if name not in french) == []
    assert {name: said for name, said in spoken.items() if said not in french[name].split(", ")} == {}


def test_every_closed_list_has_its_line(glossary):
    used, _ = glossary
    identifiers = {name for _, names in used for name in names}
    names = {each.__name__ for each in _lists()}

    assert len(names) > 80
    assert sorted(name for name in names - TECHNICAL.keys() if not _is_said(name, identifiers)) == []
    assert sorted(name for name in TECHNICAL if name not in names) == []
