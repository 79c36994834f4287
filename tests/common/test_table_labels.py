"""Tables: one behaviour on phones, one frame on wide screens."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

from cep_portal.common.table_labels import labelled

ROOT = Path(__file__).resolve().parents[2]
CSS = (ROOT / "static/css/portal.css").read_text()
HEAD = (
    '<thead><tr><th scope="col">Lot</th>'
    '<th scope="col" class="num"><a class="sort" href="?tri=m">Montant</a></th></tr></thead>'
)


def labels(html: str) -> list[str]:
    return re.findall(r'data-label="(.*?)"', html)


def test_each_cell_says_its_column():
    shown = labelled(f'{HEAD}<tbody><tr><th scope="row">3</th><td class="num">12</td></tr></tbody>')

    assert (
        shown
        == f'{HEAD}<tbody><tr><th scope="row">3</th><td class="num" data-label="Montant">12</td></tr></tbody>'
    )


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("<th>A</th><td></td><th>C</th>", "<th>1</th><td>2</td><td>3</td>", ["C"]),
        ('<th>A</th><th><span class="visually-hidden">Acte</span></th>', "<th>1</th><td>2</td>", []),
        (
            '<th>A</th><th><span class="visually-hidden">Semaine du </span>30 nov.</th>',
            "<th>1</th><td>2</td>",
            ["Semaine du 30 nov."],
        ),
        ("<th>A</th><th>B</th>", '<th>1</th><td data-label="Autre">2</td>', ["Autre"]),
        ("<th>A</th><th>B</th><th>C</th>", '<td colspan="2">1</td><td>3</td>', ["C"]),
        ('<th>A</th><th colspan="2">B</th>', "<th>1</th><td>2</td><td>3</td>", ["B", "B"]),
        ("<th>A</th><th>L&#x27;âge &amp; plus</th>", "<th>1</th><td>2</td>", ["L&#x27;âge &amp; plus"]),
        ("<th>A</th>", "<th>1</th><td>2</td>", []),
    ],
)
def test_labels_follow_the_head(head, row, expected):
    assert labels(labelled(f"<thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody>")) == expected


def test_rows_without_a_head_and_the_foot_are_kept():
    assert labelled("<tbody><tr><td>1</td></tr></tbody>") == "<tbody><tr><td>1</td></tr></tbody>"
    assert labels(labelled(f"{HEAD}<tfoot><tr><th>Total</th><td>1</td></tr></tfoot>")) == ["Montant"]


def test_a_table_tag_labels_what_it_holds():
    page = Template(
        '{% load ui %}{% ui_table caption="Lots" %}' + HEAD + "<tr><th>1</th><td>2</td></tr>{% endui_table %}"
    )

    assert labels(page.render(Context())) == ["Montant"]


def test_every_table_is_the_component():
    """No page draws its own, without frame, stack or labels (allauth's element has no head)."""
    drawn = {
        str(page.relative_to(ROOT / "templates"))
        for page in (ROOT / "templates").rglob("*.html")
        if "<table" in page.read_text()
    }

    assert drawn == {"components/table.html", "allauth/elements/table.html"}


def test_a_wide_table_scrolls_inside_its_frame_under_its_head():
    frame = re.search(r"\.table-wrap \{ position: relative; overflow: auto;", CSS)
    height = r"\.table-wrap \{ max-block-size: calc\(100vh - 5rem\); \}"
    wide = re.search(rf"@media \(min-width: 64rem\) \{{\s*{height}(.*?)\}}\n  \}}", CSS, re.DOTALL)

    assert frame
    assert wide
    assert "position: sticky; inset-block-start: 0" in wide[1]
    assert CSS.count(".table-wrap { overflow: visible;") == 1  # on paper, nothing scrolls


def test_figures_stand_on_one_grid():
    """Tiles are the children of one grid: a box without its class would stack them in one column."""
    tags = [
        tag
        for page in (ROOT / "templates").rglob("*.html")
        for tag in re.findall(r"<[a-z]+ >", page.read_text())
    ]
    lone = [
        page.name
        for page in (ROOT / "templates").rglob("*.html")
        if "{% ui_kpi" in (text := page.read_text())
        and page.parent.name != "dashboards"
        and 'class="grid"' not in text
    ]

    assert (tags, lone) == ([], [])
    assert ".grid:has(> .kpi)" in CSS
