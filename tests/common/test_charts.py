import itertools
import re
import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from cep_portal.common.charts import (
    MASKED,
    Measure,
    Series,
    bar_chart,
    france_map,
    line_chart,
    small_multiples,
)
from cep_portal.common.charts.france import class_bounds, outlines
from cep_portal.common.charts.line import runs
from cep_portal.common.charts.values import scale, text

SVG = "{http://www.w3.org/2000/svg}"


def draw(name, chart):
    return ET.fromstring(render_to_string(f"components/charts/{name}.svg", {"chart": chart}))


def test_runs_are_cut_by_gaps_masked_points_and_series_breaks():
    assert runs((1, 2, None, 3, MASKED, 4, 5), breaks=(6,)) == [[0, 1], [3], [5], [6]]


@pytest.mark.parametrize(
    ("values", "bounds", "step"),
    [
        ([0.3, 2.4], (0, 3), 1),
        ([812], (0, 1000), 250),
        ([], (0, 1), 0.25),
        ([0, 0], (0, 0.25), 0.25),
        ([92, 95], (0, 100), 25),
    ],
)
def test_scale_has_round_bounds(values, bounds, step):
    axis = scale(values, first=0, last=100)

    assert ((axis.low, axis.high), axis.step) == (pytest.approx(bounds), pytest.approx(step))


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        ([1, 2], ["0\u00a0j", "1\u00a0j", "2\u00a0j"]),
        ([3], ["0\u00a0j", "1\u00a0j", "2\u00a0j", "3\u00a0j"]),
        ([10], ["0\u00a0j", "5\u00a0j", "10\u00a0j"]),
    ],
)
def test_axis_of_whole_days_has_no_half_day(days, ticks):
    chart = line_chart(
        title="Attente",
        labels=["a"] * len(days),
        series=[Series("s", days)],
        measure=Measure(unit="j", places=0),
    )

    assert [tick.label for tick in chart.y_ticks] == ticks


def test_line_chart_leaves_gaps_and_its_table_says_why():
    chart = line_chart(
        title="Taux",
        labels=("janv.", "févr.", "mars", "avr."),
        series=[Series("Corse", (Decimal("1.25"), None, MASKED, 2))],
        measure=Measure(unit="%"),
    )

    assert chart.curves[0].path.count("M") == 2
    assert chart.table.headers == ("Période", "Corse")
    assert [row[1] for row in chart.table.rows] == ["1,3\u00a0%", "—", "secret", "2,0\u00a0%"]
    assert chart.description == "Corse : 1,3\u00a0% (janv.), 2,0\u00a0% (avr.)."


def test_line_chart_without_data_is_still_a_chart():
    chart = line_chart(title="Taux", labels=("janv.",), series=[Series("Corse", (None,))])

    assert (chart.curves[0].path, chart.description) == ("", "Aucune donnée à afficher.")


def test_end_labels_never_cover_each_other():
    chart = line_chart(title="T", labels=("a", "b"), series=[Series(f"s{n}", (1, 1)) for n in range(4)])

    heights = sorted(float(curve.label_y) for curve in chart.curves)

    assert min(after - before for before, after in itertools.pairwise(heights)) >= 17


def test_masked_bar_has_no_length_of_its_own():
    chart = bar_chart(title="Entrées", labels=("Corse", "Bretagne"), values=(MASKED, 812))

    assert next((bar.masked, bar.width, bar.value) for bar in chart.bars) == (True, "0", "secret")


def test_small_multiples_share_one_scale():
    chart = small_multiples(
        title="Recours", labels=("a", "b"), panels=[Series("Corse", (1, 1)), Series("France", (1, 4))]
    )

    assert next(panel.path for panel in chart.panels).split()[0] == chart.panels[1].path.split()[0]
    assert "0 à 4,0" in chart.note


def test_map_has_eighteen_regions():
    assert len(outlines()) == 18
    assert {outline.code for outline in outlines()} >= {"01", "02", "03", "04", "06", "94"}


@pytest.mark.parametrize(
    ("numbers", "bounds"),
    [
        ([], []),
        ([2.0], [(2.0, 2.0)]),
        ([1.0, 1.0, 3.0], [(1.0, 1.0), (3.0, 3.0)]),
        (list(range(10)), [(0, 1), (2, 3), (4, 5), (6, 7), (8, 9)]),
    ],
)
def test_classes_hold_as_many_regions_each(numbers, bounds):
    assert class_bounds(numbers) == bounds


def test_map_hides_the_masked_region_everywhere():
    chart = france_map(title="Recours", values={"94": MASKED, "53": 2.4}, unit="%", urls={"94": "/corse/"})
    corsica = next(region for region in chart.regions if region.code == "94")

    assert (corsica.text, corsica.spoken) == ("", "Corse : secret statistique")
    assert corsica.fill == f"url(#{chart.key}-secret)"
    assert ("Corse", "secret") in chart.table.rows


@pytest.mark.parametrize(
    ("name", "chart"),
    [
        (
            "line",
            line_chart(
                title="A & B",
                labels=("a", "b"),
                series=[Series("x", (1, 2))],
                measure=Measure(target=2),
                breaks=(1,),
            ),
        ),
        (
            "bar",
            bar_chart(
                title="A & B",
                labels=("a",) * 40,
                values=(MASKED, None, *range(38)),
                measure=Measure(target=3, places=0),
            ),
        ),
        (
            "small_multiples",
            small_multiples(title="A & B", labels=("a",), panels=[Series("x", (None,))] * 18),
        ),
        ("france_map", france_map(title="A & B", values={"53": 1200})),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_drawing_is_well_formed_named_and_free_of_style(name, chart):
    drawing = draw(name, chart)
    attributes = {key for element in drawing.iter() for key in element.attrib}

    assert drawing.get("role") == "img"
    assert drawing.find(f"{SVG}title").text == "A & B"
    assert drawing.find(f"{SVG}desc").text
    assert not attributes & {"style", "class"}
    assert re.search(r"[^\d. ]", drawing.get("viewBox")) is None


def test_map_with_links_is_a_group_of_named_links():
    drawing = draw(
        "france_map", france_map(title="Recours", values={"53": 2.4}, unit="%", urls={"53": "/bretagne/"})
    )
    link = drawing.find(f"{SVG}a")

    assert drawing.get("role") == "group"
    assert (link.get("href"), link.get("aria-label")) == ("/bretagne/", "Bretagne : 2,4\u00a0%")


def test_numbers_of_charts_are_french():
    assert [text(v, "%", 1) for v in (1234.56, None, MASKED)] == ["1\u00a0234,6\u00a0%", "—", "secret"]
