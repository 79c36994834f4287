"""No template, static file, style class or template tag is left that nothing names."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from cep_portal.common.templatetags import charts, french, ui

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES, STATIC = ROOT / "templates", ROOT / "static"
PRODUCT = ("beneficiaries", "cep_portal", "operators", "procurement", "reporting")
DJANGO_ASKS_FOR = {"403.html", "404.html"}
LICENCES = {"fonts/OFL.txt", "js/htmx.LICENSE.txt"}  # they travel with what they cover
QUOTED = re.compile(r"""["']([\w./-]+?)(?:#\w+)?["']""")
COMMENT, STRING = re.compile(r"/\*.*?\*/", re.DOTALL), re.compile(r"\"[^\"]*\"|url\([^)]*\)")
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")


@pytest.fixture(scope="module")
def pages():
    return {
        str(path.relative_to(TEMPLATES)): path.read_text() for path in TEMPLATES.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def code():
    return [path.read_text() for app in PRODUCT for path in (ROOT / app).rglob("*.py")]


def _constants(module: ast.Module) -> dict[str, str]:
    """The module's own names for a text: FOLDER = "operators/…/mail"."""
    return {
        statement.targets[0].id: statement.value.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    }


def _pattern(text: ast.JoinedStr, constants: dict[str, str]) -> str:
    """What an f-string may be: its own text, the module's constants, and one word for any other value."""
    parts = []
    for part in text.values:
        named = getattr(getattr(part, "value", None), "id", "")
        known = part.value if isinstance(part, ast.Constant) else constants.get(named)
        parts.append(r"[\w-]+" if known is None else re.escape(known))
    return "".join(parts)


@pytest.fixture(scope="module")
def named(code):
    """What the code may name: its strings as they are, and its f-strings as patterns."""
    plain, built = set(), set()
    for source in code:
        module = ast.parse(source)
        constants = _constants(module)
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                plain.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                built.add(_pattern(node, constants))
    return plain, [re.compile(pattern) for pattern in built if pattern.endswith((r"\.txt", r"\.html"))]


def of_a_package(name: str) -> bool:
    """Whether the template takes the place of the one of an installed package."""
    return any((Path(app.path) / "templates" / name).exists() for app in apps.get_app_configs())


def test_every_template_is_rendered(pages, named):
    plain, built = named
    included = {name.partition("#")[0] for text in pages.values() for name in QUOTED.findall(text)}
    asked = included | {text.partition("#")[0] for text in plain} | DJANGO_ASKS_FOR

    orphans = [
        name
        for name in sorted(pages)
        if name not in asked
        and not any(pattern.fullmatch(name) for pattern in built)
        and not any(name == f"{prefix}_{end}.txt" for prefix in plain for end in ("subject", "message"))
        and not of_a_package(name)
    ]

    assert orphans == []


def test_every_static_file_is_asked_for(pages, code):
    sheets = [path.read_text() for path in STATIC.rglob("*") if path.suffix in {".css", ".js"}]
    asking = "\n".join([*pages.values(), *code, *sheets])
    files = [path.relative_to(STATIC) for path in STATIC.rglob("*") if path.is_file()]

    assert [str(path) for path in files if path.name not in asking and str(path) not in LICENCES] == []


def test_every_class_of_the_style_sheets_is_worn(pages, code):
    sheets = "\n".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    classes = set(CLASS.findall(STRING.sub("", COMMENT.sub("", sheets))))
    scripts = [path.read_text() for path in (STATIC / "js").glob("*.js")]
    wearing = "\n".join([*pages.values(), *code, *scripts])
    words = set(re.findall(r"[\w-]+", wearing))
    begun = tuple(
        re.findall(r"([\w-]+-)\{\{|\b([a-z]+-[a-z]|lane-)\{", wearing)
    )  # badge-{{ kind }}, f"at-h{hour}"
    begun = tuple("".join(either) for either in begun)

    assert len(classes) > 100
    assert sorted(name for name in classes if name not in words and not name.startswith(begun)) == []


@pytest.mark.parametrize("library", [ui.register, charts.register, french.register])
def test_every_tag_and_filter_is_used(pages, library):
    text = "\n".join(pages.values())
    unused_tags = [name for name in library.tags if not re.search(rf"\{{% {name}\b", text)]
    unused_filters = [name for name in library.filters if not re.search(rf"\|{name}\b", text)]

    assert (unused_tags, unused_filters) == ([], [])


def test_templates_are_ours_and_those_of_packages():
    assert settings.TEMPLATES[0]["DIRS"] == [TEMPLATES]
