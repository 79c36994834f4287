import factory
from factory.django import DjangoModelFactory

from operators.casework.pathways.enums import Theme
from operators.casework.plans.enums import ActionState, Actor, MoveKind
from operators.casework.plans.models import (
    Action,
    ActionMove,
    ActionPlan,
    Objective,
    Occupation,
    ReadyAction,
    TargetOccupation,
)
from tests.factories.dates import instant, on_day
from tests.factories.operators import PathwayFactory

WRITTEN = instant("2026-11-02 10:00")


class ActionPlanFactory(DjangoModelFactory):
    class Meta:
        model = ActionPlan

    pathway = factory.SubFactory(PathwayFactory)
    created_at = WRITTEN


class ObjectiveFactory(DjangoModelFactory):
    class Meta:
        model = Objective

    plan = factory.SubFactory(ActionPlanFactory)
    title = factory.Sequence(lambda n: f"Objectif {n}")
    position = factory.Sequence(lambda n: n + 1)


class ActionFactory(DjangoModelFactory):
    """To do by the person, for 1 December 2026."""

    class Meta:
        model = Action

    objective = factory.SubFactory(ObjectiveFactory)
    title = factory.Sequence(lambda n: f"Action {n}")
    actor = Actor.PERSON
    due_on = on_day("2026-12-01")
    position = factory.Sequence(lambda n: n + 1)
    state = ActionState.TO_DO
    state_at = WRITTEN


class ActionMoveFactory(DjangoModelFactory):
    """Ticked by the person."""

    class Meta:
        model = ActionMove

    action = factory.SubFactory(ActionFactory)
    kind = MoveKind.DONE
    by_person = True
    at = WRITTEN


class OccupationFactory(DjangoModelFactory):
    class Meta:
        model = Occupation
        django_get_or_create = ["code"]

    code = "D1102"
    label = "Boulanger / Boulangère"
    search_label = "boulanger boulangere"
    domain = "Commerce, vente et grande distribution"


class TargetOccupationFactory(DjangoModelFactory):
    class Meta:
        model = TargetOccupation

    plan = factory.SubFactory(ActionPlanFactory)
    occupation = factory.SubFactory(OccupationFactory)
    added_at = WRITTEN


class ReadyActionFactory(DjangoModelFactory):
    """Of the national list; `organisation=, code=None` makes it an operator's own."""

    class Meta:
        model = ReadyAction

    code = factory.Sequence(lambda n: f"ready-{n}")
    theme = Theme.SITUATION
    title = factory.Sequence(lambda n: f"Action prête {n}")
    actor = Actor.PERSON
    days = 14
