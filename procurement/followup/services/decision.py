from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import months_later
from cep_portal.common.money import round_cents
from cep_portal.common.wording.numbers import euros
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
from procurement.followup.selectors import failed_in
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

    Raises DecidedAmountRefused for a reduction out of bounds, or a repeat of a month that no longer stands.
    """
    if outcome == PenaltyState.WAIVED:
        return ZERO
    computed, standing = penalty.computed_amount_excl_tax, standing_amount(penalty)
    if outcome == PenaltyState.APPLIED:
        if standing < computed:
            raise DecidedAmountRefused(
                "Le mois précédent n’est plus un manquement : la répétition ne compte plus."
                f" Réduisez à {euros(standing)} au plus, ou levez la pénalité."
            )
        return computed
    reduced = round_cents(amount_excl_tax or ZERO)
    if not ZERO < reduced < computed:
        raise DecidedAmountRefused("Le montant réduit est supérieur à zéro et inférieur au montant calculé.")
    if reduced > standing:
        raise DecidedAmountRefused(f"Sans répétition, le montant ne dépasse pas {euros(standing)}.")
    return reduced


def standing_amount(penalty: Penalty) -> Decimal:
    """What the clause gives on the day of the decision, in euros outside VAT.

    A repeat counts only while the penalty of the month before stands: neither dropped nor waived since
    (steering.md, decision 6). Never more than was computed and notified.
    """
    version, computed = penalty.version, penalty.computed_amount_excl_tax
    if failed_in(commitment=version.commitment, month=months_later(penalty.month, -1)):
        return computed
    amounts = {repeated: _amount(penalty, repeated=repeated) for repeated in (False, True)}
    return amounts[False] if computed == amounts[True] else computed


def _amount(penalty: Penalty, *, repeated: bool) -> Decimal:
    version = penalty.version
    params = version.commitment.contract.lot.market.rule_set.params
    computation = rules.missed_target(
        clause=rules.clause_of(params=params, name=version.penalty_clause),
        comparison=version.comparison,
        target=version.target,
        measured=penalty.measured,
        repeated=repeated,
    )
    return computation.amount_excl_tax


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
