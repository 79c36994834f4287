from datetime import date, datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from procurement.followup import rules
from procurement.followup.enums import PenaltyState
from procurement.followup.errors import (
    ObservationsEmpty,
    ObservationsTooLate,
    PenaltyNotYours,
    PenaltyStateRefused,
    ReasonsMissing,
    SameHands,
)
from procurement.followup.models import Penalty
from procurement.followup.selectors import metropolitan_holidays, penalties_unanswered
from procurement.followup.services.letters import issue_notice
from procurement.followup.services.locking import check_entitled, locked
from procurement.followup.services.messages import tell_notified


@transaction.atomic
def notify_penalty(*, penalty: Penalty, by: User, now: datetime) -> Penalty:
    """Invite the holder to observe: letter, due date, message to its managers (CCAG-FCS 14.1.1; R-30).

    The letter is in the holder's space at once: that instant is its reception (R-20). The due date is
    written once and a later change of the holidays never moves it (INV-29).
    Raises PenaltyStateRefused, MandateNotEntitled, PenaltyClauseUnknown.
    """
    check_entitled(rules.can_instruct, by)
    penalty = locked(penalty, to=PenaltyState.NOTIFIED)
    today = local_day(now)
    penalty.state = PenaltyState.NOTIFIED
    penalty.notified_at, penalty.notified_under = now, by.mandate
    penalty.observations_due_on = hearing_due_on(penalty=penalty, received_on=today)
    penalty.notice = issue_notice(penalty=penalty, by=by, now=now)
    penalty.save(
        update_fields=[
            "state",
            "notified_at",
            "notified_under",
            "observations_due_on",
            "notice",
        ]
    )
    record(
        action="procurement.penalty.notified",
        target=penalty,
        by=by,
        data={"observations_due_on": penalty.observations_due_on.isoformat()},
        now=now,
    )
    tell_notified(penalty=penalty, now=now)
    return penalty


def hearing_due_on(*, penalty: Penalty, received_on: date) -> date:
    """Last day for the holder to observe if the letter is received on this day. One query: holidays."""
    return rules.hearing_due_on(
        params=penalty.version.commitment.contract.lot.market.rule_set.params,
        received_on=received_on,
        holidays=metropolitan_holidays(since=received_on),
    )


@transaction.atomic
def drop_penalty(*, penalty: Penalty, reasons: str, by: User, now: datetime) -> Penalty:
    """Give up a proposal before anybody is told; its reasons are kept.

    Raises ReasonsMissing, PenaltyStateRefused, MandateNotEntitled.
    """
    check_entitled(rules.can_instruct, by)
    if not reasons.strip():
        raise ReasonsMissing("Dites pourquoi cette proposition est abandonnée.")
    penalty = locked(penalty, to=PenaltyState.DROPPED)
    penalty.state, penalty.reasons = PenaltyState.DROPPED, reasons.strip()
    penalty.save(update_fields=["state", "reasons"])
    record(action="procurement.penalty.dropped", target=penalty, by=by, now=now)
    return penalty


@transaction.atomic
def observe_penalty(*, penalty: Penalty, observations: str, by: User, now: datetime) -> Penalty:
    """Receive the holder's observations, once, until the end of the due date.

    Raises PenaltyNotYours, ObservationsEmpty, ObservationsTooLate, PenaltyStateRefused, MandateNotEntitled,
    SameHands when the same person notified under another mandate (INV-22).
    """
    check_entitled(rules.can_observe, by)
    if not observations.strip():
        raise ObservationsEmpty("Écrivez vos observations avant de les envoyer.")
    _check_holder(penalty, by)
    penalty = locked(penalty, to=PenaltyState.OBSERVED)
    if penalty.notified_under is not None and penalty.notified_under.user_id == by.pk:
        raise SameHands("Vous avez notifié cette pénalité : une autre personne doit y répondre.")
    due_on = penalty.observations_due_on
    if due_on is None or local_day(now) > due_on:
        raise ObservationsTooLate("Le délai pour observer est passé.")
    penalty.state = PenaltyState.OBSERVED
    penalty.observed_at, penalty.observed_under = now, by.mandate
    penalty.observations = observations.strip()
    penalty.save(update_fields=["state", "observed_at", "observed_under", "observations"])
    record(action="procurement.penalty.observed", target=penalty, by=by, now=now)
    return penalty


def _check_holder(penalty: Penalty, by: User) -> None:
    contract = penalty.version.commitment.contract
    if by.mandate is None or contract.holder_id != by.mandate.organisation_id:
        raise PenaltyNotYours("Cette pénalité concerne un autre titulaire.")


def mark_silent(*, now: datetime) -> int:
    """Close the hearings whose due date is over, by the clock (INV-28); returns how many.

    Safe to run twice.
    """
    due = penalties_unanswered(before=local_day(now))
    return sum(_mark_one_silent(penalty, now) for penalty in due)


@transaction.atomic
def _mark_one_silent(penalty: Penalty, now: datetime) -> bool:
    try:
        penalty = locked(penalty, to=PenaltyState.SILENT)
    except PenaltyStateRefused:  # observed meanwhile
        return False
    penalty.state = PenaltyState.SILENT
    penalty.save(update_fields=["state"])
    record(action="procurement.penalty.silent", target=penalty, by=None, now=now)
    return True
