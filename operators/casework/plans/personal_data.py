"""What plans keep about people, column by column (cep_portal.common.personal_data)."""

from cep_portal.common import retention
from cep_portal.common.personal_data import KEPT, PersonManifest, Treatment
from operators.casework.plans.models import (
    Action,
    ActionMove,
    ActionPlan,
    Objective,
    Occupation,
    ReadyAction,
    TargetOccupation,
)

PURPOSE = "Tenir le plan que vous avez décidé avec votre conseiller."
ERASED = "Effacé"


MANIFESTS = (
    PersonManifest(
        model=ActionPlan,
        title="Votre plan d’action",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: ActionPlan.objects.filter(pathway__beneficiary=subject.beneficiary_id),
        personal={"created_at": KEPT},
        technical=("id", "uuid", "pathway"),
        on_merge={"pathway": Treatment.MOVES_IF_NONE},
        on_transfer="PLAN",
    ),
    PersonManifest(
        model=Objective,
        title="Vos objectifs",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: Objective.objects.filter(plan__pathway__beneficiary=subject.beneficiary_id),
        sensitive={"title": ERASED},
        technical=("id", "uuid", "plan", "position"),
    ),
    PersonManifest(
        model=Action,
        title="Les actions de votre plan",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: Action.objects.filter(
            objective__plan__pathway__beneficiary=subject.beneficiary_id
        ).select_related("objective"),
        personal=dict.fromkeys(("actor", "due_on", "state", "state_at"), KEPT),
        sensitive={"title": ERASED, "help_text": ""},
        technical=("id", "uuid", "objective", "position"),
        extra={"objectif": lambda row: row.objective.title},
    ),
    PersonManifest(
        model=ActionMove,
        title="Ce qui a bougé dans votre plan",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: ActionMove.objects.filter(
            action__objective__plan__pathway__beneficiary=subject.beneficiary_id
        ).select_related("action"),
        personal=dict.fromkeys(("kind", "by_person", "at"), KEPT),
        sensitive={"comment": ""},
        technical=("id", "action", "by"),
        extra={"action": lambda row: row.action.title},
    ),
    PersonManifest(
        model=TargetOccupation,
        title="Les métiers que vous visez",
        purpose=PURPOSE,
        retention=retention.WITHOUT_IDENTITY,
        order=46,
        rows=lambda subject: TargetOccupation.objects.filter(
            plan__pathway__beneficiary=subject.beneficiary_id
        ).select_related("occupation"),
        sensitive=dict.fromkeys(("title", "added_at", "occupation"), KEPT),
        technical=("id", "uuid", "plan"),
        extra={"métier": lambda row: row.label},
        is_deleted=True,
    ),
)
IMPERSONAL = (Occupation, ReadyAction)
