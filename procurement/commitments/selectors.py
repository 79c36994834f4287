from datetime import date

from django.db.models import Expression, QuerySet

from cep_portal.accounts.models import User
from cep_portal.common.days import first_of_month, months_later
from cep_portal.common.wording.numbers import group, plural
from procurement.commitments.models import CommitmentVersion
from procurement.commitments.rules import can_read_commitments
from procurement.contracts.hooks import MONTH, Tally
from procurement.contracts.selectors import counted


def commitment_list(*, user: User) -> QuerySet[CommitmentVersion]:
    """Every version the user may see, with its commitment, contract and holder; latest version first."""
    return (
        CommitmentVersion.objects.visible_to(user)
        .select_related("commitment__contract__holder", "commitment__contract__lot__market")
        .order_by("commitment__contract", "commitment__number", "-version", "pk")
    )


def versions_applying(*, month: date) -> QuerySet[CommitmentVersion]:
    """The versions that bind a month, with all that a penalty needs: contract, holder, rule set."""
    return (
        CommitmentVersion.objects.applying_to(month)
        .filter(
            commitment__contract__starts_on__lt=months_later(month, 1),
            commitment__contract__ends_on__gte=month,
        )
        .select_related("commitment__contract__holder", "commitment__contract__lot__market__rule_set")
        .order_by("commitment__contract", "commitment__number", "pk")
    )


def _measured(on: date) -> Expression:
    """The commitments that bound each contract in the last closed month."""
    versions = versions_applying(month=months_later(first_of_month(on), -1)).select_related(None)
    return counted(versions, "commitment__contract", distinct="commitment")


MEASURED = Tally(
    name="measured_count",
    column=MONTH,
    count=_measured,
    words=lambda count: f"{group(count)} suivi{plural(count)}",
    may_read=can_read_commitments,
)
