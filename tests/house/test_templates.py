"""Templates carry no script, style or handler of their own: the policy would block them."""

import re
from pathlib import Path

import pytest

TEMPLATES = sorted((Path(__file__).resolve().parents[2] / "templates").rglob("*.*"))
INLINE = re.compile(
    r"<script(?![^>]*(\bsrc=|type=\"application/json\"))|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
)


def test_templates_are_found():
    assert len(TEMPLATES) > 20


# A file that a person keeps and opens without any server: its style is in it, and calls nothing.
KEPT = "beneficiaries/rights_archive.html"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_template_has_nothing_inline(template):
    text = template.read_text()
    if str(template).endswith(KEPT):
        text = re.sub(r"<style>[^<(@]*</style>", "", text)

    assert INLINE.findall(text) == []


PAGES = [path for path in TEMPLATES if path.suffix == ".html"]


def name_of(template: Path) -> str:
    return "/".join(template.parts[template.parts.index("templates") + 1 :])


def test_templates_read_line_by_line():
    """At most 160 characters a line, so that the change of one cell reads as one line (house.md, 6)."""
    wide = [
        f"{name_of(template)}:{number}: {len(line)}"
        for template in PAGES
        for number, line in enumerate(template.read_text().split("\n"), start=1)
        if len(line) > 160
    ]

    assert wide == []


def test_templates_stay_short():
    assert [name_of(template) for template in PAGES if template.read_text().count("\n") > 120] == []


def test_a_desk_page_extends_the_layout_of_desks():
    """`desk.html` says once what a desk is; a page that writes the class itself would drift from it."""
    own = [name_of(page) for page in PAGES if "{% block body_class %}desk{% endblock %}" in page.read_text()]
    wide = [
        name_of(page)
        for page in PAGES
        if '{% extends "desk.html" %}' in page.read_text() and "{% block width %}wide" in page.read_text()
    ]

    assert (own, wide) == (["desk.html"], [])


def test_no_page_writes_its_title():
    """The title is the heading (cep_portal/common/page_titles.py)."""
    assert [
        name_of(page) for page in PAGES if "{% block title %}" in page.read_text() and "pdf" not in page.parts
    ] == []
