import time
from datetime import datetime, timedelta

from django.db import connection, transaction

from reporting.kpis.enums import RunState
from reporting.kpis.models import KpiRun, KpiValue
from reporting.kpis.rules.definitions import DEFINITIONS, ENGINE_VERSION
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
    _store(run, counts_known_at(known_at=run.known_at))
    run.state = RunState.DONE
    run.finished_at = run.started_at + timedelta(seconds=time.monotonic() - begun)
    run.save(update_fields=["state", "finished_at"])
    run.refresh_from_db()


def _store(run: KpiRun, rows: list[Counts]) -> None:
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
        )
        for row in rows
    ]
    KpiValue.objects.bulk_create(
        values,
        batch_size=2000,
        update_conflicts=True,
        unique_fields=["kpi", "period_kind", "period_starts_on", "contract", "region"],
        update_fields=["definition_version", "numerator", "denominator", "run"],
    )
    KpiValue.objects.exclude(run=run).delete()
