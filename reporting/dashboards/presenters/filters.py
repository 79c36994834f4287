"""Choices of a page as links: the URL says what is shown."""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from urllib.parse import urlencode

from django.http import Http404, HttpRequest

from cep_portal.common.days import months_later
from cep_portal.common.wording.dates import SHORT_MONTHS
from reporting.dashboards.selectors import Figure, RegionRow
from reporting.kpis.enums import PeriodKind
from reporting.kpis.rules.definitions import DEFINITIONS, SERIES_STARTS_ON, KpiDefinition
from reporting.kpis.rules.periods import (
    Period,
    last_closed_month,
    month_of,
    parse_period,
    quarter_of,
    rolling_to,
    year_of,
)

OFFERED = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.ROLLING, PeriodKind.YEAR)
WITHIN: dict[str, str] = {
    PeriodKind.MONTH: "Mois",
    PeriodKind.QUARTER: "Trimestre",
    PeriodKind.ROLLING: "Jusqu’à",
}


def asked_period(request: HttpRequest, *, on: date) -> Period | None:
    """?periode=2026-10, 2026-T3, 12m-2026-10 or 2026; None without it; anything else is a 404."""
    if "periode" not in request.GET:
        return None
    period = parse_period(request.GET["periode"], on=on)
    if period is None:
        raise Http404("période inconnue")
    return period


def asked_indicator(request: HttpRequest, *, default: KpiDefinition) -> KpiDefinition:
    code = request.GET.get("indicateur", default.code)
    if code not in DEFINITIONS:
        raise Http404("indicateur inconnu")
    return DEFINITIONS[code]


def period_groups(request: HttpRequest, period: Period, *, on: date, running: bool = False) -> list[dict]:
    """Window, year, then month or quarter; the running month is offered to who reads it."""
    closed = last_closed_month(on).starts_on
    last = on if running and period.is_month else closed
    years = range(SERIES_STARTS_ON.year, on.year + 1)
    here = period.last_month
    same_kind = [_window(period.kind, here.replace(year=year), last) for year in years]
    groups = {
        "Fenêtre": {PeriodKind(kind).label: _window(kind, here, closed) for kind in OFFERED},
        "Année": {str(window.last_month.year): window for window in same_kind},
        WITHIN.get(period.kind, ""): dict(_within(period, last)),
    }
    return [
        {
            "label": name,
            "items": [
                {
                    "label": label,
                    "url": link(request, periode=window.code),
                    "current": window.code == period.code
                    or (name == "Année" and window.last_month.year == here.year),
                }
                for label, window in offered.items()
                if parse_period(window.code, on=on)
            ],
        }
        for name, offered in groups.items()
        if offered
    ]


def _window(kind: str, month: date, last: date) -> Period:
    """The window of a kind that holds a month, or the nearest that is over; a month itself may run."""
    ends = min(month, last)
    if kind == PeriodKind.MONTH:
        return month_of(ends)
    if kind == PeriodKind.QUARTER:
        quarter = quarter_of(ends)
        return quarter if quarter.last_month <= last else quarter_of(months_later(quarter.starts_on, -1))
    if kind == PeriodKind.ROLLING:
        return rolling_to(max(ends, months_later(SERIES_STARTS_ON, 11)))
    return year_of(month)


def _within(period: Period, last: date) -> Iterator[tuple[str, Period]]:
    """The months of the year of a month, its quarters, or the months that twelve may end with."""
    if period.kind not in WITHIN:
        return
    for rank in range(12):
        month = date(period.last_month.year, rank + 1, 1)
        if month > last:
            return
        if period.kind != PeriodKind.QUARTER:
            yield SHORT_MONTHS[rank], _window(period.kind, month, last)
        elif quarter_of(month).last_month == month:
            yield f"T{(rank + 1) // 3}", quarter_of(month)


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
    """?tri=entries or ?tri=-entries; cells without a value of that period stay at the end both ways."""
    sort = request.GET.get("tri", "region")
    code = sort.removeprefix("-")
    if code not in DEFINITIONS:
        return list(reversed(rows)) if sort == "-region" else list(rows)
    values = [(figure.cell.value if not figure.over else None, row) for figure, row in _column(rows, code)]
    known = [(value, row) for value, row in values if value is not None]
    known.sort(key=itemgetter(0), reverse=sort.startswith("-"))
    return [row for _, row in known] + [row for value, row in values if value is None]


def _column(rows: tuple[RegionRow, ...], code: str) -> Iterator[tuple[Figure, RegionRow]]:
    return ((row.figures[code], row) for row in rows)
