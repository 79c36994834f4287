import time
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from reporting.kpis.enums import RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.kpis.rules import people_counts
from reporting.kpis.rules.definitions import DEFINITIONS, ENGINE_VERSION
from reporting.kpis.rules.suppression import TOTAL, suppress
from reporting.kpis.selectors import Counts, counts_known_at

COMPUTE_LOCK = 20240103


def compute_indicators(*, known_at: datetime, now: datetime) -> KpiRun:
    """Compute every indicator since January 2024 from facts known at an instant, and store the counts.

    One transaction; values of earlier runs are replaced, those that vanished are removed; the same
    `known_at` on the same facts gives the same values. A failure is kept as a failed run and raised.
    """
    run = KpiRun.objects.create(
        known_at=known_at,
        started_at=now,
        engine_version=ENGINE_VERSION,
        masking_threshold=settings.PORTAL_MASKING_THRESHOLD,
    )
    try:
        with transaction.atomic():
            _compute(run)
    except Exception:
        KpiRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
        raise
    return run


def _compute(run: KpiRun) -> None:
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COMPUTE_LOCK])
        # Two million sessions are sorted by month: in memory, not on disk.
        cursor.execute("SET LOCAL work_mem = '192MB'")
    rows = counts_known_at(known_at=run.known_at)
    masked = masked_keys(rows, threshold=run.masking_threshold)
    _store(run, rows, masked)
    run.masked_totals = sorted(f"{kpi} {period}" for kpi, region, period in masked if region == TOTAL)
    run.state = RunState.DONE
    run.finished_at = run.started_at + timedelta(seconds=time.monotonic() - begun)
    run.save(update_fields=["masked_totals", "state", "finished_at"])
    run.refresh_from_db()


def _store(run: KpiRun, rows: list[Counts], masked: set[tuple[str, str, str]]) -> None:
    values = [
        KpiValue(
            run=run,
            kpi=row.kpi,
            definition_version=DEFINITIONS[row.kpi].version,
            period_kind=row.kind,
            period_starts_on=row.starts_on,
            contract_id=row.contract_id,
            region_id=row.region_id,
            numerator=row.numerator,
            denominator=row.denominator,
            is_masked=(row.kpi, row.region_id, row.period.code) in masked,
        )
        for row in rows
    ]
    KpiValue.objects.bulk_create(
        values,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["kpi", "period_kind", "period_starts_on", "contract", "region"],
        update_fields=["definition_version", "numerator", "denominator", "is_masked", "run"],
    )
    KpiValue.objects.exclude(run=run).delete()


def masked_keys(rows: list[Counts], *, threshold: int) -> set[tuple[str, str, str]]:
    """(indicator, region or TOTAL, period) that no output may print.

    Indicators that print the same counts are masked together. A calendar year is one table: regions by
    months, its margins the year and France, where the months add up to the year.
    """
    masked = set()
    for (family, year), table in _tables(rows).items():
        kpis = [definition for definition in DEFINITIONS.values() if definition.family == family]
        adds_up = kpis[0].months_add_up
        for region, column in suppress(table, threshold=threshold, rows_add_up=adds_up):
            period = year if column == TOTAL else column
            masked |= {(definition.code, region, period) for definition in kpis}
    return masked


def _tables(rows: list[Counts]) -> dict[tuple[str, str], dict[tuple[str, str], tuple]]:
    """{(family, year): {(region, month): counts of persons of all the family}}, with the totals."""
    counts: dict = defaultdict(dict)
    for (kpi, region, period), (numerator, denominator) in _sums(rows).items():
        definition = DEFINITIONS[kpi]
        column = period.code if period.is_month else TOTAL
        cell = counts[definition.family, str(period.starts_on.year)].setdefault((region, column), {})
        cell[kpi] = people_counts(definition, numerator, denominator)
    return {key: _filled(table) for key, table in counts.items()}


def _sums(rows: list[Counts]) -> dict[tuple, list]:
    sums: dict[tuple, list] = defaultdict(lambda: [0, None])
    for row in rows:
        for region in (row.region_id, TOTAL):
            cell = sums[row.kpi, region, row.period]
            cell[0] += row.numerator
            if row.denominator is not None:
                cell[1] = (cell[1] or 0) + row.denominator
    return sums


def _filled(table: dict[tuple[str, str], dict[str, tuple]]) -> dict[tuple[str, str], tuple]:
    """One tuple a cell, zeros where an indicator of the family has nothing to say there."""
    widths = {kpi: len(counts) for cell in table.values() for kpi, counts in cell.items()}
    return {
        key: tuple(count for kpi, width in sorted(widths.items()) for count in cell.get(kpi, (0,) * width))
        for key, cell in table.items()
    }
