"""One word for one thing in what people read (docs/glossary.md): templates, and sentences of the code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
BEFORE_RULE = ("models", "migrations")  # names of tables that nobody reads on a page
MARKS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]+>", re.DOTALL)
PROPS = re.compile(r"\b(?:label|title|text|hint|caption|action|placeholder|content)=\"([^\"]*)\"")
NOUN = r"\b(?:une|la|cette|les|des|ces|vos|leurs?|autres?|aucune|chaque|[0-9]+) portes?\b|\bPortes?\b"
# What is never said, where, and the word instead.
NEVER = [
    (r"(?<!\.)\be-?mails?\b|\bmails?\b|\bmél\b", "", "courriel"),
    (r"\brendez-vous (?:manqué|raté|loupé)s?\b|\blapins?\b|\bno[ -]?show\b", "", "non honoré"),
    (NOUN, "operators/casework/referrals", "partenaire"),
    (r"\bquitter vite\b", "", "Quitter ce site"),
    (r"\b(?:rdv|textos?)\b", "", "rendez-vous, SMS"),
    (r"\b(?:usagers?|prestataires?|coachs?)\b", "", "personne, opérateur, conseiller"),
    (r"^[^«:]*\b(?:y|c’est|de|le|la)…\s*\??$", "", "la question en entier"),
]


def _sentences(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [MARKS.sub(" ", text), *PROPS.findall(text)]
    tree = ast.parse(text)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [node.value for node in strings if isinstance(node.value, str) and _is_french(node.value)]


def _is_french(text: str) -> bool:
    """A sentence or a label, not a key, a query or a list of names."""
    return bool(re.search(r"[A-Za-zÀ-ÿ’]+ [A-Za-zÀ-ÿ«]", text)) and not re.search(
        r"SELECT|INSERT|@\w|\.fr ", text
    )


@pytest.fixture(scope="module")
def read():
    templates = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    code = [
        path
        for app in PRODUCT
        for path in (ROOT / app).rglob("*.py")
        if not set(BEFORE_RULE) & {*path.parts, path.stem}
    ]
    assert len(templates) > 200
    assert len(code) > 500
    return {str(path.relative_to(ROOT)): _sentences(path) for path in [*templates, *code]}


@pytest.mark.parametrize(("pattern", "where", "instead"), NEVER)
def test_one_word_is_said_for_one_thing(read, pattern, where, instead):
    never = re.compile(pattern, re.IGNORECASE if pattern != NOUN else 0)
    said = {
        f"{name}: {match[0]}"
        for name, sentences in read.items()
        if where in name
        for sentence in sentences
        for match in never.finditer(sentence)
    }

    assert sorted(said) == [], f"say « {instead} »"


def test_lint_finds_what_it_looks_for():
    for pattern, example in zip(
        (pattern for pattern, _, _ in NEVER),
        (
            "par e-mail",
            "un rendez-vous manqué",
            "cette porte",
            "quitter vite",
            "prendre rdv",
            "chaque usager",
            "La personne y…",
        ),
        strict=True,
    ):
        assert re.search(pattern, example)
    assert not re.search(NEVER[0][0], "par courriel")


# « de Alix », « de octobre »: a name or a month is joined by the filter `of`.
UNJOINED = re.compile(
    r"\bde (?:<strong>)?\{\{ [\w.]*(?:full_name|commune\.name|commune\.label|holder\.name|\|long_month) \}\}"
)


def test_names_are_joined_by_the_filter_that_elides():
    written = {
        f"{path.relative_to(ROOT)}: {words}"
        for path in (ROOT / "templates").rglob("*.*")
        if path.suffix in {".html", ".txt"}
        for words in UNJOINED.findall(path.read_text(encoding="utf-8"))
    }

    assert written == set()
    assert UNJOINED.search("le dossier de {{ person.full_name }}")
