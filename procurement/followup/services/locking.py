from collections.abc import Callable
from typing import Any

from cep_portal.accounts.models import User
from procurement.followup.enums import PENALTY_TRANSITIONS, PenaltyState
from procurement.followup.errors import MandateNotEntitled, PenaltyStateRefused
from procurement.followup.models import Penalty


def locked(penalty: Penalty, *, to: str) -> Penalty:
    """The row as it is now, held until commit; raises PenaltyStateRefused when the table has no such step."""
    row = (
        Penalty.objects.select_for_update(of=("self",))
        .select_related(
            "version__commitment__contract__holder",
            "version__commitment__contract__lot__market__rule_set",
            "notified_under",
            "observed_under",
            "notice",
        )
        .get(pk=penalty.pk)
    )
    if to not in PENALTY_TRANSITIONS[PenaltyState(row.state)]:
        raise PenaltyStateRefused(
            f"Cette pénalité est « {row.get_state_display()} » : cet acte n’est pas possible."
        )
    return row


def check_entitled(rule: Callable[..., Any], user: User) -> None:
    """Services are also called without a view: the mandate is checked here too."""
    if not rule(user):
        raise MandateNotEntitled("Votre mandat ne permet pas cet acte.")
