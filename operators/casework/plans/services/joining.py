from operators.casework.pathways.hooks import PathwayJoined
from operators.casework.plans.models import ActionPlan


def follow_pathway(joined: PathwayJoined) -> None:
    """The plan of a pathway joined into another (ADR 0036) goes there, unless there is one already."""
    if ActionPlan.objects.filter(pathway=joined.into).exists():
        return
    plan = ActionPlan.objects.select_for_update(of=("self",)).filter(pathway=joined.pathway).first()
    if plan is None:
        return
    plan.pathway = joined.into
    plan.save(update_fields=["pathway"])
    joined.note(ActionPlan, [plan.pk], {"pathway_id": joined.pathway.pk}, {"pathway_id": joined.into.pk})
