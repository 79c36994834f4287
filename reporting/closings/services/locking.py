from collections.abc import Callable
from typing import Any

from cep_portal.accounts.models import User
from procurement.contracts.models import Contract
from reporting.closings.enums import CLOSING_TRANSITIONS, ClosingState
from reporting.closings.errors import (
    ClosingMandateNotEntitled,
    ClosingStateRefused,
    ReasonsMissing,
    SamePerson,
)
from reporting.closings.models import Closing


def locked(closing: Closing) -> Closing:
    """The row as it is now, held until commit, with its contract, lot, market and rule set.

    Two closings of one contract wait for each other: a chain of hashes has one order.
    """
    Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=closing.contract_id)
    return (
        Closing.objects.select_for_update(of=("self",))
        .select_related("contract__holder", "contract__lot__market__rule_set")
        .get(pk=closing.pk)
    )


def check_step(closing: Closing, to: ClosingState) -> None:
    """Raises ClosingStateRefused when the table has no such step."""
    if to not in CLOSING_TRANSITIONS[ClosingState(closing.state)]:
        raise ClosingStateRefused(
            f"Ce mois est « {closing.get_state_display()} » : cet acte n’est pas possible."
        )


def check_entitled(rule: Callable[[User], Any], by: User) -> None:
    """Services are also called without a view: the mandate is checked here too."""
    if not rule(by):
        raise ClosingMandateNotEntitled("Votre mandat ne permet pas cet acte.")


def said(words: str, missing: str) -> str:
    """The words without their margins. Raises ReasonsMissing when nothing is said."""
    if not words.strip():
        raise ReasonsMissing(missing)
    return words.strip()


def check_another(by: User, *earlier: int | None) -> None:
    """Raises SamePerson when `by` did an act that another person must have done; users, not mandates."""
    if by.pk in earlier:
        raise SamePerson("Vous avez déjà agi sur ce dossier : une autre personne doit le faire.")
