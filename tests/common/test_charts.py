import itertools
import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from cep_portal.common.charts import (
    TOO_FEW,
    Doubt,
    Measure,
    Series,
    bar_chart,
    france_map,
    line_chart,
    months,
    periods,
    small_multiples,
    year_months,
)
from cep_portal.common.charts.france import outlines
from cep_portal.common.charts.image import image_file
from cep_portal.common.charts.line import runs
from cep_portal.common.charts.palette import CLASSES, DARK
from cep_portal.common.charts.values import PLAIN, scale, text

SVG = "{http://www.w3.org/2000/svg}"


def draw(name, chart):
    context = {"chart": chart, "drawing": chart.wide}
    return ET.fromstring(render_to_string(f"components/charts/{name}.svg", context))


def test_runs_are_cut_by_gaps_points_of_too_few_and_series_breaks():
    assert runs((1, 2, None, 3, TOO_FEW, 4, 5), breaks=(6,)) == [[0, 1], [3], [5], [6]]


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
        axis=periods(["a"] * len(days)),
        series=[Series("s", days)],
        measure=Measure(unit="j", places=0),
    )

    assert [tick.label for tick in chart.wide.y_ticks] == ticks


def trend(points, *, first=date(2025, 1, 1), **details):
    starts = [date(first.year + rank // 12, rank % 12 + 1, 1) for rank in range(len(points))]
    details = {"measure": Measure(unit="%"), **details}
    return line_chart(title="Taux", axis=months(starts), series=[Series("Corse", points)], **details)


def test_line_chart_leaves_gaps_and_its_table_says_why():
    chart = trend((Decimal("1.25"), None, TOO_FEW, 2))

    assert chart.wide.curves[0].path.count("M") == 2
    assert chart.table.headers == ("Mois", "Corse")
    assert [row[1] for row in chart.table.rows] == ["1,3\u00a0%", "—", "n.\u00a0s.", "2,0\u00a0%"]


def test_a_trend_is_told_from_its_first_value_to_its_last_with_its_extremes():
    points = (6.2, 6.0, 5.4, 6.8, 7.9, *[7.0] * 17, 7.1)

    assert trend(points, measure=PLAIN).description == (
        "Corse : de 6,2 en janvier 2025 à 7,1 en novembre 2026 ; "
        "le plus haut, 7,9 en mai 2025 ; le plus bas, 5,4 en mars 2025."
    )


def test_what_is_not_significant_or_missing_is_neither_drawn_nor_told():
    chart = trend((TOO_FEW, 2, None, 3, TOO_FEW))

    assert chart.description == (
        "Corse : de 2,0\u00a0% en février 2025 à 3,0\u00a0% en avril 2025 ; "
        "le plus haut, 3,0\u00a0% en avril 2025 ; le plus bas, 2,0\u00a0% en février 2025."
    )
    assert [len(drawing.curves[0].marks) for drawing in (chart.wide, chart.narrow)] == [2, 2]


def test_one_known_value_is_told_alone():
    assert trend((None, 2, TOO_FEW)).description == "Corse : 2,0\u00a0% en février 2025."


def test_every_january_is_marked_with_its_year_and_so_is_the_last_month():
    chart = trend([1] * 35, first=date(2024, 1, 1))

    marks = [tick.label for tick in chart.wide.x_ticks]
    assert marks == ["janv. 2024", "janv. 2025", "janv. 2026", "nov. 2026"]


def test_a_last_month_beside_january_leaves_it_the_room():
    chart = trend([1] * 26, first=date(2024, 1, 1))

    assert [tick.label for tick in chart.wide.x_ticks] == ["janv. 2024", "janv. 2025", "janv. 2026"]


def test_a_phone_sees_the_latest_thirteen_months():
    chart = trend(range(35), first=date(2024, 1, 1))

    assert [tick.label for tick in chart.narrow.x_ticks] == ["janv. 2026", "nov. 2026"]
    assert (chart.narrow.width, chart.narrow.curves[0].path.count("L")) == ("288", 12)
    assert chart.wide.curves[0].path.count("L") == 34


def test_a_series_break_stands_in_the_drawings_that_show_its_month():
    late, early = (trend([1] * 35, first=date(2024, 1, 1), breaks=[rank]) for rank in (30, 5))

    assert [len(drawing.breaks) for drawing in (late.wide, late.narrow)] == [1, 1]
    assert [len(drawing.breaks) for drawing in (early.wide, early.narrow)] == [1, 0]


def test_the_last_known_value_is_written_at_the_end_of_its_line():
    curve = trend((1, 2.5, None)).wide.curves[0]

    assert curve.label == "2,5\u00a0% (févr. 2025)"
    assert float(curve.label_x) == float(curve.marks[-1].x) + 10


def test_lines_told_apart_say_name_value_and_the_month_where_they_stop():
    chart = line_chart(
        title="T",
        axis=periods(("oct.", "nov.")),
        series=[Series("Corse", (1, None)), Series("France", (1, 2)), Series("Mayotte", (None, TOO_FEW))],
    )

    assert [curve.label for curve in chart.wide.curves] == [
        "Corse 1,0 (oct.)",
        "France 2,0",
        "Mayotte n.\u00a0s.",
    ]


def test_line_chart_without_data_is_still_a_chart():
    chart = trend((None,))

    assert (chart.wide.curves[0].path, chart.description) == ("", "Aucune donnée à afficher.")


def test_end_labels_never_cover_each_other():
    chart = line_chart(
        title="T", axis=periods(("a", "b")), series=[Series(f"s{n}", (1, 1)) for n in range(4)]
    )

    for drawing in (chart.wide, chart.narrow):
        heights = sorted(float(curve.label_y) for curve in drawing.curves)
        assert min(after - before for before, after in itertools.pairwise(heights)) >= 17


def test_bar_of_too_few_has_no_length_of_its_own():
    chart = bar_chart(title="Entrées", labels=("Corse", "Bretagne"), values=(TOO_FEW, 812))

    assert next((bar.too_few, bar.width, bar.value) for bar in chart.wide.bars) == (True, "0", "n.\u00a0s.")


def years(*panels):
    return small_multiples(
        title="Recours",
        axis=year_months(),
        panels=[Series(str(2025 + rank), points) for rank, points in enumerate(panels)],
    )


def test_small_multiples_stand_three_a_row_on_one_scale_and_one_a_row_on_a_phone():
    chart = years(*[[1] * 12] * 4)

    assert [panel.path for panel in chart.wide.panels] == [chart.wide.panels[0].path] * 4
    assert [(panel.x, panel.y) for panel in chart.wide.panels] == [
        ("0", "0"),
        ("193", "0"),
        ("386", "0"),
        ("0", "131"),
    ]
    assert [(panel.x, panel.y) for panel in chart.narrow.panels][1] == ("0", "131")
    assert chart.note == "De janv. à déc., chaque vignette va de 0 à 1,0."


def test_a_running_year_says_its_last_known_value():
    chart = years((1,) * 12, (2, 3, *[None] * 10), (TOO_FEW,) * 12)

    assert [panel.last for panel in chart.wide.panels] == ["1,0", "3,0", "n.\u00a0s."]
    assert chart.wide.panels[1].mark_x == chart.wide.panels[1].path.split("L")[1].split()[0]
    assert "2026 : de 2,0 en janvier à 3,0 en février" in chart.description


def test_map_has_eighteen_regions():
    assert len(outlines()) == 18
    assert {outline.code for outline in outlines()} >= {"01", "02", "03", "04", "06", "94"}


@pytest.mark.parametrize(
    ("numbers", "places", "legend"),
    [
        ([], 1, []),
        ([2.0], 1, ["2,0\u00a0%"]),
        ([12.5, 31.2], 1, ["10,0 à 14,9", "15,0 à 19,9", "20,0 à 24,9", "25,0 à 29,9", "30,0 à 34,9"]),
        ([12.46, 19.96], 1, ["12,0 à 13,9", "14,0 à 15,9", "16,0 à 17,9", "18,0 à 19,9", "20,0 à 21,9"]),
        (
            [62, 3_012],
            0,
            ["0 à 999", "1\u00a0000 à 1\u00a0999", "2\u00a0000 à 2\u00a0999", "3\u00a0000 à 3\u00a0999"],
        ),
        ([3, 5], 0, ["3", "4", "5"]),
    ],
)
def test_classes_are_round_and_of_one_step(numbers, places, legend):
    values = dict(zip((outline.code for outline in outlines()), numbers, strict=False))
    chart = france_map(title="Recours", values=values, measure=Measure(unit="%", places=places))

    labels = [line.label.removesuffix("\u00a0%") for line in chart.legend if line.fill in CLASSES]
    assert labels == [label.removesuffix("\u00a0%") for label in legend]


@pytest.mark.parametrize(
    ("value", "printed"), [(12.5, "12,5"), (12.449, "12,4"), (14.96, "15,0"), (20, "20,0")]
)
def test_a_region_stands_in_the_class_that_holds_the_value_it_prints(value, printed):
    chart = france_map(title="Recours", values={"53": value, "28": 10, "32": 31})

    region = next(region for region in chart.wide.regions if region.code == "53")
    low, high = next(line.label for line in chart.legend if line.fill == region.fill).split(" à ")
    assert region.text == printed
    assert low <= printed <= high


def test_line_says_its_doubt_and_what_may_still_move():
    chart = line_chart(
        title="Satisfaction",
        axis=months([date(2026, month, 1) for month in (1, 2, 3, 4)]),
        series=[Series("Corse", (80, 90, None, None)), Series("France", (85, 86, None, None))],
        doubt=Doubt([(Decimal(70), Decimal(88)), (Decimal(75), Decimal(97)), None, None], unripe=2),
    )

    drawing = chart.wide
    assert (drawing.band.count("M"), drawing.band.count("L"), drawing.band.endswith("Z")) == (1, 3, True)
    assert float(drawing.unripe.x) + float(drawing.unripe.width) == pytest.approx(
        float(drawing.right), abs=0.2
    )
    assert [curve.label for curve in drawing.curves] == ["Corse 90,0", "France 86,0"]


def test_map_hatches_the_region_of_too_few_everywhere():
    chart = france_map(title="Recours", values={"94": TOO_FEW, "53": 2.4}, urls={"94": "/corse/"})
    corsica = next(region for region in chart.wide.regions if region.code == "94")

    assert (corsica.text, corsica.spoken) == ("", "Corse : non significatif")
    assert corsica.fill == f"url(#{chart.key}-few)"
    assert ("Corse", "n.\u00a0s.") in chart.table.rows


@pytest.mark.parametrize(
    ("name", "chart"),
    [
        (
            "line",
            line_chart(
                title="A & B",
                axis=periods(("a", "b")),
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
                values=(TOO_FEW, None, *range(38)),
                measure=Measure(target=3, places=0),
            ),
        ),
        (
            "small_multiples",
            small_multiples(title="A & B", axis=periods(("a",)), panels=[Series("x", (None,))] * 18),
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
        "france_map",
        france_map(title="Recours", values={"53": 2.4}, measure=Measure(unit="%"), urls={"53": "/bretagne/"}),
    )
    link = drawing.find(f"{SVG}a")

    assert drawing.get("role") == "group"
    assert (link.get("href"), link.get("aria-label")) == ("/bretagne/", "Bretagne : 2,4\u00a0%")


def test_numbers_of_charts_are_french():
    assert [text(v, "%", 1) for v in (1234.56, None, TOO_FEW)] == ["1\u00a0234,6\u00a0%", "—", "n.\u00a0s."]


def samples():
    """A drawing of each kind, with all that it may hold."""
    line = line_chart(
        title="Taux & délais",
        axis=periods(("a", "b")),
        series=[Series(f"s{rank}", (rank, TOO_FEW)) for rank in range(6)],
        measure=Measure(target=2),
        breaks=(1,),
        doubt=Doubt([(Decimal(0), Decimal(1)), None], unripe=1),
    )
    bar = bar_chart(
        title="Entrées", labels=("a", "b"), values=(TOO_FEW, 3), measure=WHOLE_TARGET, highlight=1
    )
    values = dict(zip((outline.code for outline in outlines()), (TOO_FEW, *range(12, 32, 4)), strict=False))
    return [line, bar, years((1,) * 12), france_map(title="Carte", values=values)]


WHOLE_TARGET = Measure(target=3, places=0)


@pytest.mark.parametrize("chart", samples(), ids=lambda chart: chart.key)
def test_an_image_taken_away_says_what_it_is_and_carries_its_fonts_and_palettes(chart):
    text = image_file(chart, source="Bretagne · Mon CEP")
    drawing = ET.fromstring(text)
    said = [element.text for element in drawing.iter(f"{SVG}text")]
    colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', text.partition("</style>")[2]))

    assert "Atkinson Hyperlegible Next" in drawing.get("font-family")
    assert (said[0], said[-1]) == (chart.title, "Bretagne · Mon CEP")
    assert "prefers-color-scheme: dark" in drawing.find(f"{SVG}style").text
    assert colours <= set(DARK)
    assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
