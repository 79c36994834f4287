from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.money import round_cents
from procurement.followup import rules
from procurement.followup.enums import PenaltyState
from procurement.followup.errors import (
    DecidedAmountRefused,
    FigureCorrected,
    PenaltyStateRefused,
    ReasonsMissing,
    SameHands,
)
from procurement.followup.hooks import figure_shown
from procurement.followup.models import Penalty
from procurement.followup.services.letters import issue_decision
from procurement.followup.services.locking import check_entitled, locked
from procurement.followup.services.messages import tell_decided

ZERO = Decimal("0.00")


@transaction.atomic
def decide_penalty(
    *,
    penalty: Penalty,
    outcome: str,
    amount_excl_tax: Decimal | None,
    reasons: str,
    by: User,
    now: datetime,
    corrected_words: str = "",
) -> Penalty:
    """Apply, reduce or waive a heard penalty, with reasons that answer the observations (INV-21).

    `amount_excl_tax` in euros outside VAT is read for a reduction only: applying keeps the computed
    amount, waiving makes it zero. Nobody decides who notified or observed (INV-22).
    A figure corrected since it was frozen is decided upon only with a sentence that says why.
    Raises ReasonsMissing, FigureCorrected, DecidedAmountRefused, SameHands, PenaltyStateRefused,
    MandateNotEntitled.
    """
    check_entitled(rules.can_decide, by)
    if outcome not in PenaltyState.decided:
        raise PenaltyStateRefused("Une décision applique, réduit ou lève la pénalité.")
    if not reasons.strip():
        raise ReasonsMissing("Une décision porte ses motifs.")
    penalty = locked(penalty, to=outcome)
    _check_hands(penalty, by)
    _check_figure(penalty, outcome, corrected_words)
    penalty.corrected_words = corrected_words.strip()
    penalty.state, penalty.reasons = outcome, reasons.strip()
    penalty.decided_amount_excl_tax = decided_amount(
        penalty=penalty, outcome=outcome, amount_excl_tax=amount_excl_tax
    )
    penalty.decided_at, penalty.decided_under = now, by.mandate
    penalty.decision_letter = issue_decision(penalty=penalty, by=by, now=now)
    penalty.save(
        update_fields=[
            "state",
            "reasons",
            "corrected_words",
            "decided_amount_excl_tax",
            "decided_at",
            "decided_under",
            "decision_letter",
        ]
    )
    record(
        action="procurement.penalty.decided",
        target=penalty,
        by=by,
        data={
            "outcome": outcome,
            "amount_excl_tax": str(penalty.decided_amount_excl_tax),
        },
        now=now,
    )
    tell_decided(penalty=penalty, now=now)
    return penalty


def decided_amount(*, penalty: Penalty, outcome: str, amount_excl_tax: Decimal | None) -> Decimal:
    """The amount of a decision, in euros outside VAT, to the cent: the letter prints what is stored.

    Raises DecidedAmountRefused for a reduction out of bounds.
    """
    computed = penalty.computed_amount_excl_tax
    if outcome == PenaltyState.APPLIED:
        return computed
    if outcome == PenaltyState.WAIVED:
        return ZERO
    reduced = round_cents(amount_excl_tax or ZERO)
    if not ZERO < reduced < computed:
        raise DecidedAmountRefused("Le montant réduit est supérieur à zéro et inférieur au montant calculé.")
    return reduced


def _check_figure(penalty: Penalty, outcome: str, words: str) -> None:
    shown = figure_shown(penalty)
    if shown and shown.is_corrected and outcome != PenaltyState.WAIVED and not words.strip():
        raise FigureCorrected(
            f"Le chiffre a été corrigé depuis l’arrêté : {shown.frozen} arrêté, {shown.fresh} aujourd’hui."
            " Dites pourquoi vous décidez malgré cette correction."
        )


def _check_hands(penalty: Penalty, by: User) -> None:
    earlier = {
        mandate.user_id for mandate in (penalty.notified_under, penalty.observed_under) if mandate is not None
    }
    if by.pk in earlier:
        raise SameHands("Vous avez déjà agi sur cette pénalité : une autre personne doit décider.")
