from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from cep_portal.accounts.models import AuditEvent, User
from cep_portal.common.charts import LineChart
from cep_portal.territories.models import Region
from reporting.dashboards.presenters import drawings
from reporting.dashboards.presenters.drawings import MonthLine
from reporting.dashboards.selectors import TerritoryReport, region_report
from reporting.kpis.rules.definitions import DEFINITIONS, KpiDefinition
from reporting.kpis.rules.periods import month_of
from reporting.kpis.rules.readers import Reader
from reporting.packs.models import RegionalPack


@dataclass(frozen=True)
class Changed:
    """What a figure was in the last pack and is in this one, as printed."""

    definition: KpiDefinition
    before: str
    after: str


@dataclass(frozen=True)
class PackContent:
    """All that the PDF prints, from the same report as the region's page."""

    region: Region
    report: TerritoryReport
    charts: list[LineChart]
    headers: tuple[str, ...]
    months: tuple[MonthLine, ...]
    previous: RegionalPack | None
    changed: tuple[Changed, ...]


def pack_list(*, user: User, region: Region) -> QuerySet[RegionalPack]:
    """The packs of a region, latest first."""
    return (
        RegionalPack.objects.visible_to(user)
        .filter(region=region)
        .select_related("document", "region")
        .order_by("-month", "-asked_at", "-pk")
    )


def opened_packs(*, user: User, packs: list[RegionalPack]) -> set[int]:
    """Those the person has already downloaded, from the reading log."""
    return set(
        AuditEvent.objects.filter(
            actor=user,
            action="reporting.regionalpack.opened",
            target_type="reporting.regionalpack",
            target_id__in=[pack.pk for pack in packs],
        ).values_list("target_id", flat=True)
    )


def pack_content(*, region: Region, month: date, on: date) -> PackContent | None:
    """What a pack of this month prints as of a day; None before the first computation."""
    report = region_report(region=region, period=month_of(month), on=on, reader=Reader.OUTSIDE)
    if report is None:
        return None
    previous = (
        RegionalPack.objects.filter(region=region, document__isnull=False)
        .select_related("document")
        .order_by("-document__issued_at", "-pk")
        .first()
    )
    return PackContent(
        region=region,
        report=report,
        charts=drawings.trends(report),
        headers=drawings.month_headers(report),
        months=drawings.month_lines(report),
        previous=previous,
        changed=changed_figures(before=previous.figures if previous else {}, after=printed_figures(report)),
    )


def printed_figures(report: TerritoryReport) -> dict[str, str]:
    """What the next pack is compared with: a figure that is not ripe is compared with nothing."""
    return {
        code: shown.text
        for code, shown in report.figures.items()
        if shown.cell.withheld is None and not shown.cell.unripe
    }


def changed_figures(*, before: dict[str, str], after: dict[str, str]) -> tuple[Changed, ...]:
    """The indicators that do not read as they did in the last pack."""
    return tuple(
        Changed(definition, before[code], after[code])
        for code, definition in DEFINITIONS.items()
        if code in before and code in after and before[code] != after[code]
    )
