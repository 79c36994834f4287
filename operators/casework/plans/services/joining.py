from collections.abc import Callable

from operators.casework.pathways.models import Pathway
from operators.casework.plans.models import ActionPlan


def follow_pathway(*, pathway: Pathway, into: Pathway, note: Callable) -> None:
    """The plan of a pathway joined into another (ADR 0036) goes there, unless there is one already."""
    if ActionPlan.objects.filter(pathway=into).exists():
        return
    plan = ActionPlan.objects.select_for_update(of=("self",)).filter(pathway=pathway).first()
    if plan is None:
        return
    plan.pathway = into
    plan.save(update_fields=["pathway"])
    note(ActionPlan, [plan.pk], {"pathway_id": pathway.pk}, {"pathway_id": into.pk})
