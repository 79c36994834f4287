"""Choices of a page as links: the URL says what is shown."""

from datetime import date
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from cep_portal.common.wording.dates import SHORT_MONTHS
from reporting.dashboards.selectors import RegionRow
from reporting.kpis.rules.definitions import DEFINITIONS, SERIES_STARTS_ON, KpiDefinition
from reporting.kpis.rules.periods import Period, last_closed_month, month_of, parse_period, year_of


def asked_period(request: HttpRequest, *, on: date) -> Period:
    """?periode=2026-10 or 2026; the last closed month without it; another value is a 404."""
    if "periode" not in request.GET:
        return last_closed_month(on)
    period = parse_period(request.GET["periode"], on=on)
    if period is None:
        raise Http404("période inconnue")
    return period


def asked_indicator(request: HttpRequest, *, default: KpiDefinition) -> KpiDefinition:
    code = request.GET.get("indicateur", default.code)
    if code not in DEFINITIONS:
        raise Http404("indicateur inconnu")
    return DEFINITIONS[code]


def period_groups(request: HttpRequest, period: Period, *, on: date) -> list[dict]:
    years = [_year_link(request, year, period, on) for year in range(SERIES_STARTS_ON.year, on.year + 1)]
    year = period.starts_on.year
    whole = year_of(period.starts_on)
    months = [
        {
            "label": SHORT_MONTHS[number - 1],
            "url": link(request, periode=f"{year}-{number:02d}"),
            "current": period == month_of(date(year, number, 1)),
        }
        for number in range(1, 13)
        if date(year, number, 1) <= on
    ]
    whole_year = {
        "label": "année entière",
        "url": link(request, periode=whole.code),
        "current": period == whole,
    }
    return [
        {"label": "Année", "items": years},
        {"label": "Période", "items": [whole_year, *months]},
    ]


def _year_link(request: HttpRequest, year: Any, period: Any, on: date) -> dict[str, Any]:
    if not period.is_month:
        code = str(year)
    elif (same_month := period.starts_on.replace(year=year)) <= on:
        code = month_of(same_month).code
    else:
        code = last_closed_month(on).code if year == on.year else str(year)
    if code[:4] != str(year):  # the first month of a year is not closed yet
        code = str(year)
    return {
        "label": str(year),
        "url": link(request, periode=code),
        "current": year == period.starts_on.year,
    }


def indicator_group(request: HttpRequest, chosen: KpiDefinition) -> dict:
    return {
        "label": "Indicateur",
        "items": [
            {
                "label": definition.label,
                "url": link(request, indicateur=definition.code),
                "current": definition == chosen,
            }
            for definition in DEFINITIONS.values()
        ],
    }


def address(period: Period, chosen: KpiDefinition, **more: str) -> str:
    """The query that shows this page again, whatever today is."""
    return urlencode({"periode": period.code, "indicateur": chosen.code, **more})


def link(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


def sorted_rows(request: HttpRequest, rows: tuple[RegionRow, ...]) -> list[RegionRow]:
    """?tri=entries or ?tri=-entries; cells without a value stay at the end both ways."""
    sort = request.GET.get("tri", "region")
    code = sort.removeprefix("-")
    if code not in DEFINITIONS:
        return list(reversed(rows)) if sort == "-region" else list(rows)
    values = [(row.figures[code].cell.value, row) for row in rows]
    known = [(value, row) for value, row in values if value is not None]
    known.sort(key=itemgetter(0), reverse=sort.startswith("-"))
    return [row for _, row in known] + [row for value, row in values if value is None]
