from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from procurement.followup.selectors import metropolitan_holidays
from reporting.closings import rules
from reporting.closings.enums import ClosingState, RequestDecision
from reporting.closings.errors import AlreadyAsked, ClosingStateRefused
from reporting.closings.models import Closing, Reopening
from reporting.closings.notices import tell_provisional
from reporting.closings.services.locking import check_another, check_entitled, locked, said


@transaction.atomic
def ask_reopening(*, closing: Closing, words: str, by: User, now: datetime) -> Reopening:
    """An analyst asks that a frozen month be reopened, with reasons.

    Raises ClosingMandateNotEntitled, ReasonsMissing, ClosingStateRefused, AlreadyAsked.
    """
    check_entitled(rules.can_freeze, by)
    words = said(words, "Dites pourquoi rouvrir ce mois.")
    closing = locked(closing)
    if not closing.is_frozen or Closing.objects.filter(supersedes=closing).exists():
        raise ClosingStateRefused("Seul le dernier arrêté d’un mois peut être rouvert.")
    if Reopening.objects.filter(closing=closing, outcome="").exists():
        raise AlreadyAsked("Une réouverture de ce mois attend déjà une décision.")
    reopening = Reopening.objects.create(closing=closing, words=words, asked_at=now, asked_under=by.acting)
    record(action="reporting.reopening.asked", target=reopening, by=by, now=now)
    return reopening


@transaction.atomic
def decide_reopening(
    *, reopening: Reopening, outcome: str, reasons: str, by: User, now: datetime
) -> Closing | None:
    """A decider, another person, reopens the month as its next version, or refuses; returns what was opened.

    The frozen version stays readable and is never changed. The new one is contestable at once, for five days.
    Raises ClosingMandateNotEntitled, ReasonsMissing, SamePerson, AlreadyAsked.
    """
    check_entitled(rules.can_decide, by)
    reasons = said(reasons, "Une décision porte ses motifs.")
    closing = locked(reopening.closing)
    row = Reopening.objects.select_for_update(of=("self",)).select_related("asked_under").get(pk=reopening.pk)
    check_another(by, row.asked_under.user_id)
    if row.decided_at is not None:
        raise AlreadyAsked("Cette demande est déjà décidée.")
    row.outcome, row.reasons = RequestDecision(outcome), reasons
    row.decided_at, row.decided_under = now, by.mandate
    row.save(update_fields=["outcome", "reasons", "decided_at", "decided_under"])
    record(action="reporting.reopening.decided", target=row, by=by, data={"outcome": outcome}, now=now)
    return _next_version(closing, now) if row.outcome == RequestDecision.ACCEPTED else None


def _next_version(closing: Closing, now: datetime) -> Closing:
    today = local_day(now)
    days = rules.reopened_days(today=today, holidays=metropolitan_holidays(since=today))
    opened = Closing.objects.create(
        contract=closing.contract,
        month=closing.month,
        number=closing.number + 1,
        state=ClosingState.PROVISIONAL,
        opened_at=now,
        provisional_on=days.provisional_on,
        contest_until=days.contest_until,
        freeze_from=days.freeze_from,
        supersedes=closing,
    )
    tell_provisional(closing=opened, now=now)
    return opened
