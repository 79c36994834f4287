import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from beneficiaries.request.models import untouched
from cep_portal.accounts.models import User
from operators.casework.pathways.models import Pathway, of_pathway
from operators.casework.plans.enums import ACTION_TRANSITIONS, ActionState, Actor, MoveKind
from operators.casework.plans.models.reference import Occupation

NOT_EMPTY = "Un titre est nécessaire."


class ActionPlan(models.Model):
    """What a person and an adviser agreed to do, once a pathway; written by this subject's services."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pathway = models.OneToOneField(Pathway, models.PROTECT, related_name="action_plan")
    created_at = models.DateTimeField("ouvert le")

    class Meta:
        verbose_name = "plan d’action"
        triggers = untouched(of_pathway())
        verbose_name_plural = "plans d’action"

    def __str__(self) -> str:
        return f"Plan {self.uuid}"


class ObjectiveQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(plan__pathway__in=Pathway.objects.visible_to(user))


class Objective(models.Model):
    """What the person wants to reach; its actions say how. Order is the adviser's."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="objectives")
    title = models.CharField("objectif", max_length=140)
    position = models.PositiveSmallIntegerField("rang")

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = "objectif"
        triggers = untouched(
            of_pathway(("operators_actionplan", "pathway_id"), start="NEW.plan_id"), texts=["title"]
        )
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"],
                name="objective_one_a_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="objective_has_title", condition=Q(title__gt=""), violation_error_message=NOT_EMPTY
            ),
        ]

    def __str__(self) -> str:
        return f"Objectif {self.uuid}"


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(objective__plan__pathway__in=Pathway.objects.visible_to(user))


class Action(models.Model):
    """One thing to do, by whom and until when. State moves only through operators.casework.plans.services."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    objective = models.ForeignKey(Objective, models.PROTECT, related_name="actions")
    title = models.CharField("action", max_length=140)
    help_text = models.CharField("aide", max_length=300, blank=True)
    actor = models.CharField("qui agit", max_length=10, choices=Actor)
    due_on = models.DateField("pour le", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang")
    state = models.CharField("état", max_length=10, choices=ActionState, default=ActionState.TO_DO)
    state_at = models.DateTimeField("dans cet état depuis le")

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "action"
        constraints = [
            models.UniqueConstraint(
                fields=["objective", "position"],
                name="action_one_a_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="action_has_title", condition=Q(title__gt=""), violation_error_message=NOT_EMPTY
            ),
        ]
        triggers = [
            *untouched(
                of_pathway(
                    ("operators_objective", "plan_id"),
                    ("operators_actionplan", "pathway_id"),
                    start="NEW.objective_id",
                ),
                texts=["title", "help_text"],
            ),
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[(old, new) for old, ends in ACTION_TRANSITIONS.items() for new in sorted(ends)],
            ),
        ]

    def __str__(self) -> str:
        return f"Action {self.uuid}"


class ActionMove(models.Model):
    """What happened to an action: who, when, what. Never changed; erasure alone blanks `comment`."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="moves")
    kind = models.CharField("ce qui s’est passé", max_length=10, choices=MoveKind)
    by_person = models.BooleanField("par la personne")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("le")
    comment = models.CharField("commentaire", max_length=500, blank=True)

    class Meta:
        verbose_name = "mouvement du plan"
        verbose_name_plural = "mouvements du plan"
        indexes = [models.Index("action", "at", name="action_move_at")]
        constraints = [
            models.CheckConstraint(
                name="action_move_of_somebody",
                condition=Q(by_person=True) | Q(by__isnull=False),
                violation_error_message="Un mouvement est de quelqu’un.",
            ),
        ]
        triggers = [
            *untouched(
                of_pathway(
                    ("operators_action", "objective_id"),
                    ("operators_objective", "plan_id"),
                    ("operators_actionplan", "pathway_id"),
                    start="NEW.action_id",
                )
            ),
            pgtrigger.ReadOnly(name="kept_as_made", fields=["action", "kind", "by_person", "at"]),
            pgtrigger.Protect(
                name="words_only_erased",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__comment__df=pgtrigger.F("new__comment"))
                & ~pgtrigger.Q(new__comment=""),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Mouvement {self.pk}"


class TargetOccupation(models.Model):
    """An occupation that the person has in view: of the ROME, or in the person's own words."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(ActionPlan, models.PROTECT, related_name="targets")
    occupation = models.ForeignKey(Occupation, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField("en vos mots", max_length=140, blank=True)
    added_at = models.DateTimeField("ajouté le")

    class Meta:
        verbose_name = "métier visé"
        triggers = untouched(of_pathway(("operators_actionplan", "pathway_id"), start="NEW.plan_id"))
        verbose_name_plural = "métiers visés"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "occupation"],
                name="target_occupation_once",
                violation_error_message="Ce métier est déjà dans le plan.",
            ),
            models.CheckConstraint(
                name="target_coded_or_titled",
                condition=Q(occupation__isnull=False, title="") | Q(occupation__isnull=True, title__gt=""),
                violation_error_message="Un métier de la nomenclature, ou un titre libre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Métier visé {self.uuid}"

    @property
    def label(self) -> str:
        return self.occupation.label if self.occupation else self.title
