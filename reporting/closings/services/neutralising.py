from datetime import date, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.wording.dates import long_month
from cep_portal.common.wording.names import of
from procurement.contracts.models import Contract
from reporting.closings import rules
from reporting.closings.enums import NeutralReason, RequestDecision
from reporting.closings.errors import AlreadyAsked, ClosingStateRefused, DaysOutside
from reporting.closings.models import Closing, Neutralisation
from reporting.closings.rules import month_end
from reporting.closings.selectors import frozen_months_between
from reporting.closings.services.locking import check_another, check_entitled, said


@transaction.atomic
def propose_neutralisation(
    *,
    closing: Closing,
    first_day: date,
    last_day: date,
    reason: str,
    words: str,
    by: User,
    now: datetime,
) -> Neutralisation:
    """Propose that days of a month, both included, are left out of its figures, for a listed reason.

    Raises ClosingMandateNotEntitled, ReasonsMissing, DaysOutside, ClosingStateRefused in a frozen month.
    """
    check_entitled(rules.can_propose_neutral, by)
    words = said(words, "Dites les faits, et où sont les justificatifs.")
    contract, month = closing.contract, closing.month
    if not month <= first_day <= last_day <= month_end(month):
        raise DaysOutside(
            f"Choisissez des jours {of(long_month(month))} : un mois se neutralise sur sa page."
        )
    _check_open(contract, first_day, last_day)
    neutralisation = Neutralisation.objects.create(
        contract=contract,
        first_day=first_day,
        last_day=last_day,
        reason=NeutralReason(reason),
        words=words,
        proposed_at=now,
        proposed_under=by.acting,
    )
    record(action="reporting.neutralisation.proposed", target=neutralisation, by=by, now=now)
    return neutralisation


@transaction.atomic
def decide_neutralisation(
    *, neutralisation: Neutralisation, outcome: str, reasons: str, by: User, now: datetime
) -> Neutralisation:
    """A second person accepts or refuses, with reasons; never once a month of it is frozen.

    Raises ClosingMandateNotEntitled, ReasonsMissing, SamePerson, AlreadyAsked, ClosingStateRefused.
    """
    check_entitled(rules.can_decide, by)
    reasons = said(reasons, "Une décision porte ses motifs.")
    row = (
        Neutralisation.objects.select_for_update(of=("self",))
        .select_related("proposed_under", "contract")
        .get(pk=neutralisation.pk)
    )
    check_another(by, row.proposed_under.user_id)
    if row.decided_at is not None:
        raise AlreadyAsked("Cette neutralisation est déjà décidée.")
    _check_open(row.contract, row.first_day, row.last_day)
    row.outcome, row.reasons = RequestDecision(outcome), reasons
    row.decided_at, row.decided_under = now, by.mandate
    row.save(update_fields=["outcome", "reasons", "decided_at", "decided_under"])
    record(action="reporting.neutralisation.decided", target=row, by=by, data={"outcome": outcome}, now=now)
    return row


def _check_open(contract: Contract, first_day: date, last_day: date) -> None:
    if frozen_months_between(contract=contract, first_day=first_day, last_day=last_day):
        raise ClosingStateRefused("Un mois de cette période est arrêté : il faut d’abord le rouvrir.")
