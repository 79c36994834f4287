"""Who lent a file or stood in for somebody: they follow the person too."""

from datetime import datetime

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway
from operators.moving.handovers.models import Handover


def lends(*, pathway: Pathway, user: User, now: datetime) -> bool:  # noqa: ARG001 -- the registry's call
    """Whether the user lent the pathway for a time: it comes back, they still read it."""
    return Handover.objects.lent().filter(pathway=pathway, former__user=user).exists()


def stand_ins(*, beneficiary: Beneficiary) -> set[tuple[int, int]]:
    """By pathway, who gave it and who took it, now or formerly; one query."""
    rows = Handover.objects.filter(pathway__beneficiary=beneficiary).order_by("pk")
    users = rows.values_list("pathway_id", "former__user_id", "colleague__user_id")
    return {(pathway, user) for pathway, *both in users for user in both}
