"""Who lent a file or stood in for somebody: they follow the person too."""

from operators.casework.pathways.hooks import FilesOf, OpenFile
from operators.moving.handovers.models import Handover


def lends(opened: OpenFile) -> bool:
    """Whether the user lent the pathway for a time: it comes back, they still read it."""
    return Handover.objects.lent().filter(pathway=opened.pathway, former__user=opened.user).exists()


def stand_ins(asked: FilesOf) -> set[tuple[int, int]]:
    """By pathway, who gave it and who took it, now or formerly; one query."""
    rows = Handover.objects.filter(pathway__beneficiary=asked.beneficiary).order_by("pk")
    users = rows.values_list("pathway_id", "former__user_id", "colleague__user_id")
    return {(pathway, user) for pathway, *both in users for user in both}
