"""A drawing as a file of its own: it names its fonts, holds its palettes, says its title and its source."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from cep_portal.common.charts.bar import BarChart
from cep_portal.common.charts.france import FranceMap
from cep_portal.common.charts.line import LineChart
from cep_portal.common.charts.palette import dark_sheet
from cep_portal.common.charts.panels import SmallMultiples

type Chart = LineChart | BarChart | SmallMultiples | FranceMap

TEMPLATES = {
    LineChart: "components/charts/line.svg",
    BarChart: "components/charts/bar.svg",
    SmallMultiples: "components/charts/small_multiples.svg",
    FranceMap: "components/charts/france_map.svg",
}
MARGIN, TOP, ROW = 16, 48, 20
SWATCH = 30


def asked_image(request: HttpRequest, charts: Iterable[Chart], *, source: str) -> HttpResponse | None:
    """The drawing that ?image= names, to be saved; None when the page itself is asked, 404 for another name.

    It is the drawing of the page, so it hides what the page hides.
    """
    key = request.GET.get("image")
    if key is None:
        return None
    chart = next((chart for chart in charts if chart.key == key), None)
    if chart is None:
        raise Http404("graphique inconnu")
    return HttpResponse(
        image_file(chart, source=source),
        content_type="image/svg+xml",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{key}.svg")
        },
    )


def image_file(chart: Chart, *, source: str) -> str:
    below = TOP + float(chart.wide.height) + ROW
    legend = [(line.label, line.fill) for line in getattr(chart, "legend", ())]
    note = getattr(chart, "note", "")
    texts = [*legend, *((text, "") for text in (note, source) if text)]
    lines = [
        {"text": text, "fill": fill, "y": f"{below + rank * ROW:g}", "text_y": f"{below + rank * ROW + 12:g}"}
        for rank, (text, fill) in enumerate(texts)
    ]
    size = {
        "width": float(chart.wide.width) + 2 * MARGIN,
        "height": below + len(lines) * ROW + MARGIN,
        "margin": MARGIN,
        "top": TOP,
        "beside": MARGIN + SWATCH,
    }
    return render_to_string(
        "components/charts/file.svg",
        {
            "chart": chart,
            "svg": TEMPLATES[type(chart)],
            "lines": lines,
            "sheet": dark_sheet(),
            "size": {name: f"{value:g}" for name, value in size.items()},
        },
    )
