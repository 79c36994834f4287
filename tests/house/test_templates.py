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


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_template_has_nothing_inline(template):
    assert INLINE.findall(template.read_text()) == []
