import logging
from collections import Counter
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import PARIS, local_day, months_later
from cep_portal.common.errors import DomainError
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.common.wording.dates import long_month
from cep_portal.common.wording.names import of
from procurement.commitments.models import CommitmentVersion
from procurement.commitments.selectors import versions_applying
from procurement.followup.errors import NotApplicable, NotSignificant
from procurement.followup.services import propose_penalty
from reporting.assessment.errors import MonthNotComputed
from reporting.assessment.models import AssessmentRun
from reporting.assessment.rules import Measure
from reporting.assessment.selectors import measures_of, months_judged
from reporting.kpis.enums import RunState
from reporting.kpis.models import KpiRun
from reporting.kpis.rules.periods import last_closed_month
from reporting.kpis.selectors import latest_run

logger = logging.getLogger(__name__)


@transaction.atomic
def start_assessment(*, by: User | None, now: datetime) -> AssessmentRun:
    """Ask for the last closed month to be compared with the commitments; the worker does it after commit.

    `by` is None for the clock. Raises MonthNotComputed when no indicator was computed since the month closed.
    """
    month = last_closed_month(local_day(now)).starts_on
    run = AssessmentRun.objects.create(
        month=month,
        kpi_run=_figures_of(month),
        requested_under=by.mandate if by else None,
        started_at=now,
    )
    record(
        action="reporting.assessment.started",
        target=run,
        by=by,
        data={"month": month.isoformat()},
        now=now,
    )
    later(TaskName.RUN_ASSESSMENT, run_id=run.pk)
    return run


def run_assessment(*, run_id: int, now: datetime) -> AssessmentRun:
    """Compare and propose what is missed; safe to run twice: a proposal is made once a version and month.

    Each indicator is judged on its latest ripe month (reporting.kpis.rules.ripeness), on exact counts:
    secrecy belongs to what is published, and decides no sanction. One commitment that is refused or fails,
    whatever the exception, never stops the others. A failure of the whole is kept on the run and raised.
    """
    run = AssessmentRun.objects.get(pk=run_id)
    if run.state == RunState.DONE:
        return run
    try:
        run.counts = _assess(run.month, now)
    except Exception:
        AssessmentRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
        raise
    run.state, run.finished_at = RunState.DONE, now
    run.save(update_fields=["state", "finished_at", "counts"])
    record(action="reporting.assessment.done", target=run, by=None, data=run.counts, now=now)
    return run


def _figures_of(month: date) -> KpiRun:
    closes_at = datetime.combine(months_later(month, 1), time(), ZoneInfo(PARIS))
    run = latest_run()
    if run is None or run.known_at < closes_at:
        raise MonthNotComputed(
            f"Les indicateurs {of(long_month(month))} ne sont pas encore calculés. Ils le sont chaque nuit."
        )
    return run


def _assess(month: date, now: datetime) -> dict[str, int]:
    """One result a commitment: of the latest month that was ripe when `month` closed."""
    judged = months_judged(on=months_later(month, 1))
    measures = measures_of(months=sorted(set(judged.values())))
    results: Counter[str] = Counter()
    for ripe_month in sorted(set(judged.values())):
        for version in versions_applying(month=ripe_month):
            if judged[version.indicator] == ripe_month:
                key = (version.commitment.contract_id, version.indicator, ripe_month)
                results[_result(version, ripe_month, measures.get(key), now)] += 1
    return dict(results)


def _result(version: CommitmentVersion, month: date, measure: Measure | None, now: datetime) -> str:
    """What one commitment comes to, one of RESULTS; its own failure is logged."""
    if measure is None or measure.value is None:
        return "not_applicable"
    try:
        return _proposed(version, month, measure, now)
    except NotApplicable:
        return "not_applicable"
    except NotSignificant:
        return "not_significant"
    except DomainError:
        return "refused"
    except Exception:
        logger.exception("commitment version %s could not be assessed for %s", version.pk, month)
        return "failed"


def _proposed(version: CommitmentVersion, month: date, measure: Measure, now: datetime) -> str:
    if measure.value is None:
        raise NotApplicable("Rien n’a été compté ce mois-là : sans objet.")
    penalty = propose_penalty(
        version=version,
        month=month,
        measured=measure.value,
        numerator=measure.numerator,
        denominator=measure.denominator,
        now=now,
    )
    return "proposed" if penalty else "met"
