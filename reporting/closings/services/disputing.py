from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from reporting.closings import rules
from reporting.closings.enums import ClosingState, DisputeOutcome
from reporting.closings.errors import AlreadyAsked, ClosingNotYours, DisputeTooLate
from reporting.closings.models import Closing, DataDispute
from reporting.closings.notices import tell_answered
from reporting.closings.services.locking import check_another, check_entitled, locked, said


@transaction.atomic
def raise_dispute(*, closing: Closing, kpi: str, words: str, by: User, now: datetime) -> DataDispute:
    """The holder contests one provisional figure, until the end of the last day.

    Raises ClosingMandateNotEntitled, ReasonsMissing, ClosingNotYours, DisputeTooLate, AlreadyAsked.
    """
    check_entitled(rules.can_dispute, by)
    words = said(words, "Dites ce que vous contestez et ce que vous comptez, vous.")
    closing = locked(closing)
    if closing.contract.holder_id != by.organisation_id:
        raise ClosingNotYours("Ce mois est celui d’un autre titulaire.")
    if closing.state != ClosingState.PROVISIONAL or local_day(now) > closing.contest_until:
        raise DisputeTooLate(_why_not(closing))
    if DataDispute.objects.filter(closing=closing, kpi=kpi).exists():
        raise AlreadyAsked("Ce chiffre est déjà contesté.")
    dispute = DataDispute.objects.create(
        closing=closing, kpi=kpi, words=words, raised_at=now, raised_under=by.acting
    )
    record(action="reporting.dispute.raised", target=dispute, by=by, data={"kpi": kpi}, now=now)
    return dispute


def _why_not(closing: Closing) -> str:
    if closing.state == ClosingState.COLLECTING:
        return "Les chiffres de ce mois ne sont pas encore provisoires : rien à contester."
    return "Le délai pour contester ce mois est passé."


@transaction.atomic
def answer_dispute(
    *, dispute: DataDispute, outcome: str, answer: str, by: User, now: datetime
) -> DataDispute:
    """Accept or reject a dispute, with reasons; an accepted one changes nothing by itself.

    The facts are corrected by who keeps them, before the freeze counts them.
    Raises ClosingMandateNotEntitled, ReasonsMissing, SamePerson, AlreadyAsked, DisputeTooLate once frozen.
    """
    check_entitled(rules.can_answer, by)
    answer = said(answer, "Répondez au titulaire : dites pourquoi.")
    closing = locked(dispute.closing)
    dispute = (
        DataDispute.objects.select_for_update(of=("self",)).select_related("raised_under").get(pk=dispute.pk)
    )
    check_another(by, dispute.raised_under.user_id)
    if dispute.answered_at is not None:
        raise AlreadyAsked("Cette contestation a déjà sa réponse.")
    if closing.is_frozen:
        raise DisputeTooLate("Ce mois est arrêté.")
    dispute.outcome, dispute.answer = DisputeOutcome(outcome), answer
    dispute.answered_at, dispute.answered_under = now, by.mandate
    dispute.save(update_fields=["outcome", "answer", "answered_at", "answered_under"])
    record(action="reporting.dispute.answered", target=dispute, by=by, data={"outcome": outcome}, now=now)
    tell_answered(dispute=dispute, now=now)
    return dispute
