from datetime import date, datetime

from django.db import IntegrityError, transaction

from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.exchange.extracts import rules
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.errors import AlreadyJudged, PeriodRefused
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.services.messages import tell_judges


@transaction.atomic
def ask_extract(
    *,
    organisation: Organisation,
    kind: str,
    starts_on: date,
    ends_on: date,
    file_format: str,
    purpose: str,
    by: User,
    now: datetime,
) -> Extract:
    """Ask for a file of facts of one's own operator; who may judge is told.

    The same request still waiting is given back instead of a second one. Raises PeriodRefused beyond a year,
    or for days to come.
    """
    if not rules.period_is_sane(starts_on=starts_on, ends_on=ends_on, on=local_day(now)):
        raise PeriodRefused("Choisissez une période passée, d’un an au plus.")
    wanted = {
        "organisation": organisation,
        "kind": kind,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "file_format": file_format,
        "asked_by": by,
    }
    try:
        with transaction.atomic():
            extract = Extract.objects.create(**wanted, purpose=purpose, asked_at=now)
    except IntegrityError as refusal:
        if "extract_asked_once" not in str(refusal):
            raise
        return Extract.objects.get(**wanted, state=ExtractState.ASKED)
    record(action="operators.extract.asked", target=extract, by=by, data={"kind": kind}, now=now)
    tell_judges(extract, now=now)
    return extract


@transaction.atomic
def cancel_extract(*, extract: Extract, by: User, now: datetime) -> Extract:
    """Take one's own request back before an answer. Raises AlreadyJudged after it."""
    extract = locked(extract.pk)
    if not extract.may_become(ExtractState.CANCELLED):
        raise AlreadyJudged(f"Cette demande est déjà {extract.get_state_display()}.")
    extract.state = ExtractState.CANCELLED
    extract.save(update_fields=["state"])
    record(action="operators.extract.cancelled", target=extract, by=by, now=now)
    return extract


def locked(pk: int) -> Extract:
    extracts = Extract.objects.select_for_update(of=("self",)).select_related("organisation", "asked_by")
    return extracts.get(pk=pk)
