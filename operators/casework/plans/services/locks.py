"""A plan is written by one at a time: the person and the pathway are locked first, then the plan's rows."""

from datetime import datetime

from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services.locks import lock_pathway
from operators.casework.plans.errors import PathwayIsClosed
from operators.casework.plans.models import ActionPlan


def lock_open(pathway_id: int) -> Pathway:
    """The pathway, locked after its person; the plan of a closed pathway is only read and ticked.

    Raises PathwayIsClosed, FileRestricted.
    """
    pathway = lock_pathway(pathway_id)
    if pathway.state != PathwayState.OPEN:
        raise PathwayIsClosed(
            "Ce parcours est clos : son plan ne s’écrit plus. Une nouvelle séance le rouvre."
        )
    return pathway


def open_plan(pathway: Pathway, *, now: datetime) -> ActionPlan:
    """The plan of a locked pathway, opened when there is none."""
    plan, _ = ActionPlan.objects.get_or_create(pathway=pathway, defaults={"created_at": now})
    return plan


def shifted(positions: list[int], position: int, *, up: bool) -> int | None:
    """The neighbouring position to swap with; None at the end of the list."""
    near = [one for one in positions if (one < position if up else one > position)]
    if not near:
        return None
    return max(near) if up else min(near)
