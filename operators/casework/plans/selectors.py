from collections.abc import Collection
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.territories.rules import fold_name
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.casework.plans.enums import ActionState, MoveKind
from operators.casework.plans.models import (
    Action,
    ActionMove,
    ActionPlan,
    Objective,
    Occupation,
    ReadyAction,
    TargetOccupation,
)

SHORTEST_TEXT = 2
CLOSE_ENOUGH = 0.45


def plan_of(*, pathway: Pathway) -> ActionPlan | None:
    """A pathway's plan with its objectives, actions and occupations, in order; four queries at most."""
    return _whole(ActionPlan.objects.filter(pathway=pathway)).first()


def own_plan(*, beneficiary: Beneficiary) -> ActionPlan | None:
    """The plan of a person's latest pathway that has one, whole, with who writes it."""
    plans = ActionPlan.objects.filter(pathway__beneficiary=beneficiary)
    return (
        _whole(plans)
        .select_related("pathway__adviser__user", "pathway__contract__holder")
        .order_by(F("pathway__joined_into").desc(nulls_first=True), "-pathway__entered_on", "-pk")
        .first()
    )


def _whole(plans: QuerySet[ActionPlan]) -> QuerySet[ActionPlan]:
    moves = ActionMove.objects.exclude(comment="").order_by("-at", "-pk")
    actions = Action.objects.order_by("position", "pk").prefetch_related(
        Prefetch("moves", queryset=moves, to_attr="words")
    )
    objectives = Objective.objects.order_by("position", "pk").prefetch_related(
        Prefetch("actions", queryset=actions)
    )
    return plans.prefetch_related(
        Prefetch("objectives", queryset=objectives),
        Prefetch(
            "targets",
            queryset=TargetOccupation.objects.select_related("occupation").order_by("added_at", "pk"),
        ),
    )


def pathway_of_plan(*, user: User, uuid: UUID) -> Pathway | None:
    """One pathway the user may read, with what a plan's page shows of it."""
    readable = Pathway.objects.visible_to(user).select_related(
        "beneficiary", "adviser__user", "adviser__site"
    )
    return readable.filter(uuid=uuid).first()


def objective_by_uuid(*, user: User, uuid: UUID) -> Objective | None:
    objective = Objective.objects.visible_to(user).select_related(
        "plan__pathway__beneficiary", "plan__pathway__adviser__site"
    )
    return objective.filter(uuid=uuid).first()


def action_by_uuid(*, user: User, uuid: UUID) -> Action | None:
    """One action the user may read, with its plan."""
    action = Action.objects.visible_to(user).select_related(
        "objective__plan__pathway__beneficiary", "objective__plan__pathway__adviser__site"
    )
    return action.filter(uuid=uuid).first()


def moves_of(*, action: Action) -> QuerySet[ActionMove]:
    """What happened to an action, latest first."""
    return action.moves.select_related("by").order_by("-at", "-pk")


def target_by_uuid(*, user: User, uuid: UUID) -> TargetOccupation | None:
    readable = Pathway.objects.visible_to(user)
    targets = TargetOccupation.objects.filter(plan__pathway__in=readable).select_related(
        "plan__pathway__adviser__site"
    )
    return targets.filter(uuid=uuid).first()


def themes_of(*, pathway: Pathway) -> list[str]:
    """The themes of the last session: where ready-made actions are looked for first."""
    last = CounsellingSession.objects.filter(pathway=pathway).order_by("-starts_at", "-pk").first()
    return last.themes if last else []


def ready_actions(*, user: User, theme: str) -> QuerySet[ReadyAction]:
    """What an adviser may pick for a theme: the operator's own first, then the national list."""
    offered = ReadyAction.objects.offered_to(user.mandate.organisation_id if user.mandate else None)
    return offered.filter(theme=theme).order_by("organisation", "pk")


def own_ready_actions(*, user: User) -> QuerySet[ReadyAction]:
    """The actions an operator added for its own advisers and still offers."""
    organisation = user.mandate.organisation_id if user.mandate else None
    own = ReadyAction.objects.filter(organisation__isnull=False, organisation=organisation, withdrawn_at=None)
    return own.order_by("theme", "pk")


def search_occupations(text: str, *, limit: int = 8) -> list[Occupation]:
    """The occupations somebody may mean, whatever the accents and typing errors; or a ROME code.

    Names that begin with the words first, then those that hold them, then close ones. One or two queries.
    """
    words = fold_name(text[:80])
    if len(words) < SHORTEST_TEXT:
        return []
    held = Q()
    for word in words.split():
        held &= Q(search_label__contains=word)
    occupations = Occupation.objects.filter(held | Q(code__istartswith=words)).order_by("search_label", "pk")
    starts = sorted(
        occupations[: 5 * limit], key=lambda occupation: not occupation.search_label.startswith(words)
    )[:limit]
    if starts:
        return starts
    close = Occupation.objects.annotate(closeness=TrigramWordSimilarity(words, "search_label"))
    return list(close.filter(closeness__gte=CLOSE_ENOUGH).order_by("-closeness", "search_label")[:limit])


def moved_since_last_session(*, pathways: Collection[int]) -> dict[int, dict[str, int]]:
    """By pathway, what the person did in the plan since the last session: `done`, `said`; one query."""
    held = CounsellingSession.objects.filter(pathway=OuterRef("action__objective__plan__pathway"))
    last = held.order_by().values("pathway").annotate(last=Max("starts_at")).values("last")
    moves = ActionMove.objects.filter(
        by_person=True, action__objective__plan__pathway__in=list(pathways), at__gt=Subquery(last)
    )
    rows = moves.values("action__objective__plan__pathway").annotate(
        done=Count("action", distinct=True, filter=Q(kind=MoveKind.DONE, action__state=ActionState.DONE)),
        said=Count("pk", filter=~Q(comment="")),
    )
    return {
        row["action__objective__plan__pathway"]: {"done": row["done"], "said": row["said"]}
        for row in rows.order_by("action__objective__plan__pathway")
    }


def person_moves(*, pathway: Pathway) -> QuerySet[ActionMove]:
    """What the person did in a plan, latest first."""
    moves = ActionMove.objects.filter(
        by_person=True, kind__in=MoveKind.told, action__objective__plan__pathway=pathway
    )
    return moves.select_related("action").order_by("-at", "-pk")
