from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from cep_portal.accounts.models import SignedRequest
from cep_portal.common.access import require
from cep_portal.common.charts import asked_image
from cep_portal.territories.models import Region
from procurement.contracts.presenters import asked_contract, contract_tabs
from reporting.dashboards import exports, selectors
from reporting.dashboards.presenters import drawings, filters
from reporting.dashboards.selectors import NationalReport, TerritoryReport
from reporting.kpis import rules
from reporting.kpis.rules.definitions import DEFINITIONS, ENTRIES, HEADLINES, UPTAKE_RATE
from reporting.kpis.rules.periods import Period, last_closed_month
from reporting.kpis.rules.readers import reader


@require(rules.can_read_france)
@require_safe
def national(request: SignedRequest) -> HttpResponse:
    """How is the service doing in France, and where does it differ?"""
    today = timezone.localdate()
    asked = filters.asked_period(request, on=today)
    chosen = filters.asked_indicator(request, default=UPTAKE_RATE)
    report = selectors.national_report(period=asked, on=today, reader=reader(request.user), chosen=chosen)
    period = _shown(report, asked, today)
    context: dict[str, Any] = {
        "report": report,
        "period": period,
        "chosen": chosen,
        "definitions": DEFINITIONS.values(),
        "groups": filters.period_groups(request, period, on=today, running=True),
    }
    if report:
        context |= {
            "headlines": [report.france[definition.code] for definition in HEADLINES],
            "rows": filters.sorted_rows(request, report.rows),
            "map": drawings.regions_map(report, chosen, _region_urls(report, period)),
            "address": filters.address(period, chosen),
            "indicators": [filters.indicator_group(request, chosen)],
            "export_url": f"{reverse('reporting:national_csv')}?periode={period.code}",
        }
        if image := asked_image(request, [context["map"]], source=drawings.source(report, "France")):
            return image
    return render(request, "reporting/dashboards/national.html", context)


@require(rules.can_read_france)
@require_safe
def national_export(request: SignedRequest) -> HttpResponse:
    today = timezone.localdate()
    period = filters.asked_period(request, on=today)
    report = selectors.national_report(period=period, on=today, reader=reader(request.user))
    if report is None:
        raise Http404("aucun calcul")
    return _csv(exports.national_csv(report), f"indicateurs-france-{report.period.code}.csv")


@require(rules.can_read_regions)
@require_safe
def region(request: SignedRequest, code: str) -> HttpResponse:
    """How is this region doing since January 2024, and where do its figures come from?"""
    today = timezone.localdate()
    readable_region = get_object_or_404(selectors.readable_regions(user=request.user), pk=code)
    asked = filters.asked_period(request, on=today)
    report = _region_report(request, readable_region, asked, today)
    context = _territory(request, report, _shown(report, asked, today), today)
    if report and (image := _drawn(request, context)):
        return image
    context |= {
        "region": readable_region,
        "reads_france": rules.can_read_france(request.user),
    }
    return render(request, "reporting/dashboards/region.html", context)


@require(rules.can_read_regions)
@require_safe
def region_export(request: SignedRequest, code: str) -> HttpResponse:
    today = timezone.localdate()
    readable_region = get_object_or_404(selectors.readable_regions(user=request.user), pk=code)
    period = filters.asked_period(request, on=today)
    report = _region_report(request, readable_region, period, today)
    if report is None:
        raise Http404("aucun calcul")
    return _csv(exports.region_csv(report), f"indicateurs-region-{readable_region.pk}.csv")


@require(rules.can_read_definitions)
@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """What does this figure count, and how is it made?"""
    if code not in DEFINITIONS:
        raise Http404("indicateur inconnu")
    return render(request, "reporting/kpis/indicator.html", {"one": DEFINITIONS[code]})


@require(rules.can_read_own_lot)
@require_safe
def lot(request: SignedRequest) -> HttpResponse:
    """Where does my lot stand, against what we promised?"""
    today = timezone.localdate()
    contracts = list(selectors.own_contracts(user=request.user))
    if not contracts:
        return render(request, "reporting/dashboards/lot_none.html")
    contract = asked_contract(request, contracts, on=today)
    asked = filters.asked_period(request, on=today)
    quality = reader(request.user, contract=contract)
    read = selectors.lot_report(contract=contract, period=asked, on=today, reader=quality)
    report, lines = read or (None, [])
    period = _shown(report, asked, today)
    promised = {line.figure.definition.code: line.target.value for line in lines if line.target}
    context = _territory(request, report, period, today, targets=promised, lot=str(contract.uuid))
    if report and (image := _drawn(request, context)):
        return image
    context |= {
        "contract": contract,
        "lots": contract_tabs(request, contracts, contract),
        "lines": lines,
        "min_lots": rules.MIN_LOTS,
    }
    return render(request, "reporting/dashboards/lot.html", context)


def _region_report(
    request: SignedRequest, region: Region, period: Period | None, today: date
) -> TerritoryReport | None:
    return selectors.region_report(region=region, period=period, on=today, reader=reader(request.user))


def _shown(report: NationalReport | TerritoryReport | None, asked: Period | None, today: date) -> Period:
    """The period of the page, said before the first computation too."""
    return report.period if report else asked or last_closed_month(today)


def _territory(
    request: HttpRequest,
    report: TerritoryReport | None,
    period: Period,
    today: date,
    *,
    targets: dict[str, Decimal] | None = None,
    **more: str,
) -> dict:
    chosen = filters.asked_indicator(request, default=ENTRIES)
    context: dict[str, Any] = {
        "report": report,
        "period": period,
        "groups": filters.period_groups(request, period, on=today, running="lot" in more),
    }
    if report:
        context |= {
            "trends": drawings.trends(report, targets),
            "headers": drawings.month_headers(report),
            "months": drawings.month_lines(report),
            "definitions": DEFINITIONS.values(),
            "seasons": drawings.seasons(report, chosen),
            "address": filters.address(period, chosen, **more),
            "indicators": [filters.indicator_group(request, chosen)],
        }
    return context


def _drawn(request: HttpRequest, context: dict[str, Any]) -> HttpResponse | None:
    report = context["report"]
    charts = [*context["trends"], context["seasons"]]
    return asked_image(request, charts, source=drawings.source(report, report.title))


def _region_urls(report: Any, period: Any) -> dict[str, str]:
    return {
        row.region.pk: f"{reverse('reporting:region', args=[row.region.pk])}?periode={period.code}"
        for row in report.rows
    }


def _csv(content: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )
