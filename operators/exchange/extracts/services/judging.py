from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.errors import AlreadyJudged, AskerGone, NotYoursToJudge, OwnRequest
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.rules import may_judge
from operators.exchange.extracts.selectors import still_manages
from operators.exchange.extracts.services.asking import locked
from operators.exchange.extracts.services.messages import tell_refused

JUDGED = ["state", "judged_at", "judged_by", "judged_as", "reason"]


@transaction.atomic
def grant_extract(*, extract: Extract, by: User, now: datetime) -> Extract:
    """Agree to a request; Celery writes the file.

    Raises OwnRequest, NotYoursToJudge, AlreadyJudged, AskerGone when who asked no longer manages there.
    """
    extract = _judged(extract, ExtractState.GRANTED, by=by, now=now)
    if not still_manages(user_id=extract.asked_by_id, organisation=extract.organisation, now=now):
        raise AskerGone("La personne qui a demandé n’est plus responsable chez cet opérateur : refusez.")
    extract.save(update_fields=JUDGED)
    record(action="operators.extract.granted", target=extract, by=by, now=now)
    later(TaskName.MAKE_EXTRACT, extract_id=extract.pk)
    return extract


@transaction.atomic
def refuse_extract(*, extract: Extract, reason: str, by: User, now: datetime) -> Extract:
    """Say no, and why; who asked is told. Raises OwnRequest, NotYoursToJudge, AlreadyJudged."""
    extract = _judged(extract, ExtractState.REFUSED, by=by, now=now)
    extract.reason = reason
    extract.save(update_fields=JUDGED)
    record(action="operators.extract.refused", target=extract, by=by, now=now)
    tell_refused(extract, now=now)
    return extract


def _judged(extract: Extract, answer: ExtractState, *, by: User, now: datetime) -> Extract:
    extract = locked(extract.pk)
    if extract.asked_by_id == by.pk:
        raise OwnRequest("Vous avez demandé cette extraction : une autre personne en décide.")
    if not may_judge(by, extract):
        raise NotYoursToJudge("France compétences décide des fichiers qui parlent de personnes.")
    if not extract.may_become(answer):
        raise AlreadyJudged(f"Cette demande est déjà {extract.get_state_display()}.")
    extract.state = answer
    extract.judged_at, extract.judged_by, extract.judged_as = now, by, by.role or ""
    return extract
