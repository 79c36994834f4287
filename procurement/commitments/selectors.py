from datetime import date

from django.db.models import QuerySet

from cep_portal.accounts.models import User
from cep_portal.common.days import months_later
from procurement.commitments.models import CommitmentVersion


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
