import logging
from datetime import datetime

from django.db import transaction

from cep_portal.accounts.services import record
from cep_portal.common.errors import DomainError
from cep_portal.common.wording.dates import long_month
from procurement.commitments.models import CommitmentVersion
from procurement.followup.errors import NotApplicable, NotSignificant
from procurement.followup.services import MeasuredFigure, propose_penalty
from reporting.assessment.enums import CommitmentOutcome
from reporting.assessment.models import CommitmentResult
from reporting.assessment.selectors import versions_judged
from reporting.closings.enums import ValueStatus
from reporting.closings.models import Closing, FrozenValue

logger = logging.getLogger(__name__)


@transaction.atomic
def assess_closing(*, closing: Closing, now: datetime) -> list[CommitmentResult]:
    """Compare the frozen figures of a contract with its commitments; what is missed is only proposed.

    Every commitment that binds the month of its figure has a result with its reason. One that is refused or
    fails, whatever the exception, never stops the others. Safe to run twice: a result is written once, and a
    penalty proposed once a version and month.
    """
    values = {value.kpi: value for value in closing.values.all()}
    results = [
        _result(closing, version, values.get(version.indicator), now)
        for version in versions_judged(closing=closing, values=values)
    ]
    CommitmentResult.objects.bulk_create(results)
    counts: dict[str, int] = {}
    for result in results:
        counts[result.outcome] = counts.get(result.outcome, 0) + 1
    record(action="reporting.closing.assessed", target=closing, by=None, data=counts, now=now)
    return results


def _result(
    closing: Closing, version: CommitmentVersion, value: FrozenValue | None, now: datetime
) -> CommitmentResult:
    """What one commitment comes to; its own failure is logged, and kept as its result."""
    result = CommitmentResult(closing=closing, version=version, value=value)
    try:
        with transaction.atomic():
            _judge(result, now)
    except NotApplicable as refusal:
        result.outcome, result.reason = CommitmentOutcome.NOT_APPLICABLE, str(refusal)
    except NotSignificant as refusal:
        result.outcome, result.reason = CommitmentOutcome.NOT_SIGNIFICANT, str(refusal)
    except DomainError as refusal:
        result.outcome, result.reason = CommitmentOutcome.REFUSED, str(refusal)
    except Exception:
        logger.exception("commitment version %s could not be assessed", version.pk)
        result.outcome = CommitmentOutcome.FAILED
        result.reason = "Le calcul a échoué : l’équipe technique est prévenue par le journal."
    return result


def _judge(result: CommitmentResult, now: datetime) -> None:
    value = result.value
    if value is None or value.value is None or value.status == ValueStatus.NOT_APPLICABLE:
        raise NotApplicable("Rien n’a été compté ce mois-là : sans objet.")
    result.penalty = propose_penalty(
        version=result.version,
        month=value.month,
        measured=value.value,
        numerator=value.numerator,
        denominator=value.denominator,
        now=now,
        figure=MeasuredFigure(value.uuid, value.sha256, f"{value.kpi} v{value.definition_version}"),
    )
    missed = result.penalty is not None
    result.outcome = CommitmentOutcome.MISSED if missed else CommitmentOutcome.MET
    month = long_month(value.month)
    result.reason = f"Chiffre arrêté, {month} : " + ("pénalité proposée." if missed else "engagement tenu.")
