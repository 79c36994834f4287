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
