from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.plans import errors, rules, selectors, services
from operators.casework.plans.enums import ActionState, Actor, MoveKind
from operators.casework.plans.models import Action, ActionMove, Objective, TargetOccupation
from tests.clock import moved_day, present
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, PathwayFactory
from tests.factories.plans import (
    ActionFactory,
    ActionMoveFactory,
    ObjectiveFactory,
    OccupationFactory,
    ReadyActionFactory,
    TargetOccupationFactory,
)
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db
NOW = present()


@pytest.fixture
def adviser():
    return AdviserFactory()


@pytest.fixture
def person():
    return UserFactory(role=Role.BENEFICIARY)


@pytest.fixture
def action(adviser, person):
    beneficiary = BeneficiaryFactory(user=person)
    return ActionFactory(
        objective__plan__pathway=PathwayFactory(adviser=adviser, beneficiary=beneficiary),
        title="Lire dix offres",
    )


def closed(pathway):
    pathway.state, pathway.closed_at, pathway.outcome = (
        PathwayState.CLOSED,
        NOW,
        ClosingOutcome.NEED_MET,
    )
    pathway.save()
    return pathway


def moves(action):
    return list(action.moves.order_by("pk").values_list("kind", "by_person", "comment"))


def as_role(role):
    return UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_write_plans, {Role.ADVISER}),
        (rules.can_follow_own_plan, {Role.BENEFICIARY}),
        (rules.can_keep_ready_actions, {Role.OPERATOR_MANAGER}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADVISER, Role.BENEFICIARY}])
def test_plans_are_read_by_no_other_role(action, role):
    user = as_role(role)
    if user.mandate.organisation_id:
        user.mandate.organisation = action.objective.plan.pathway.contract.holder

    assert Action.objects.visible_to(user).count() == 0
    assert Objective.objects.visible_to(user).count() == 0


def test_plans_are_read_by_the_operator_and_the_person_only(action, adviser, person):
    seen = {
        name: Action.objects.visible_to(user).count()
        for name, user in {
            "adviser": adviser.user,
            "person": person,
            "other adviser": AdviserFactory().user,
            "other person": UserFactory(role=Role.BENEFICIARY),
        }.items()
    }

    assert seen == {"adviser": 1, "person": 1, "other adviser": 0, "other person": 0}


def test_write_objective_opens_one_plan_and_ranks(adviser):
    pathway = PathwayFactory(adviser=adviser)

    first = services.write_objective(pathway=pathway, title=" Changer de métier ", by=adviser.user, now=NOW)
    second = services.write_objective(pathway=pathway, title="Se former", by=adviser.user, now=NOW)

    assert first.plan == second.plan
    assert [(objective.title, objective.position) for objective in (first, second)] == [
        ("Changer de métier", 1),
        ("Se former", 2),
    ]
    assert AuditEvent.objects.filter(action="operators.plan.objective_written").count() == 2


def test_ready_actions_are_due_after_the_days_they_propose(adviser):
    objective = ObjectiveFactory(plan__pathway__adviser=adviser)
    ready = [ReadyActionFactory(days=10, title="Une"), ReadyActionFactory(days=30, actor=Actor.ADVISER)]

    written = services.add_ready_actions(
        objective=objective, ready=ready, today=moved_day("2026-11-23"), by=adviser.user, now=NOW
    )

    assert [(one.due_on, one.actor, one.position) for one in written] == [
        (moved_day("2026-12-03"), Actor.PERSON, 1),
        (moved_day("2026-12-23"), Actor.ADVISER, 2),
    ]
    assert moves(written[0]) == [(MoveKind.WRITTEN, False, "")]


def test_no_ready_action_is_refused(adviser):
    objective = ObjectiveFactory(plan__pathway__adviser=adviser)

    with pytest.raises(errors.NothingChosen):
        services.add_ready_actions(objective=objective, ready=[], today=NOW.date(), by=adviser.user, now=NOW)


def test_change_action_notes_a_change_once(action, adviser):
    facts = {"title": "Lire vingt offres", "actor": Actor.PERSON, "due_on": None, "help_text": ""}

    for _ in range(2):
        services.change_action(action=action, by=adviser.user, now=NOW, **facts)

    action.refresh_from_db()
    assert (action.title, action.due_on) == ("Lire vingt offres", None)
    assert moves(action) == [(MoveKind.CHANGED, False, "")]


def test_shift_swaps_neighbours_and_stops_at_the_end(adviser):
    plan = ObjectiveFactory(plan__pathway__adviser=adviser).plan
    first, last = plan.objectives.get(), ObjectiveFactory(plan=plan)
    one, two = ActionFactory(objective=first), ActionFactory(objective=first)

    services.shift_objective(objective=last, up=True, by=adviser.user, now=NOW)
    services.shift_objective(objective=last, up=True, by=adviser.user, now=NOW)
    services.shift_action(action=one, up=False, by=adviser.user, now=NOW)
    services.shift_action(action=one, up=False, by=adviser.user, now=NOW)

    assert list(plan.objectives.order_by("position")) == [last, first]
    assert list(first.actions.order_by("position")) == [two, one]


def test_person_ticks_unticks_and_comments(action, person):
    services.tick_action(action=action, comment=" Fait hier ", by=person, now=NOW)
    services.untick_action(action=action, by=person, now=NOW + timedelta(hours=1))
    services.comment_action(action=action, comment="J’hésite", by=person, now=NOW + timedelta(hours=2))

    action.refresh_from_db()
    assert (action.state, action.state_at) == (ActionState.TO_DO, NOW + timedelta(hours=1))
    assert moves(action) == [
        (MoveKind.DONE, True, "Fait hier"),
        (MoveKind.UNDONE, True, ""),
        (MoveKind.COMMENTED, True, "J’hésite"),
    ]
    assert list(
        AuditEvent.objects.filter(action__startswith="operators.plan.action")
        .order_by("pk")
        .values_list("action")
    ) == [
        ("operators.plan.action_done",),
        ("operators.plan.action_undone",),
        ("operators.plan.action_commented",),
    ]


def test_person_ticks_after_the_pathway_is_closed(action, person):
    closed(action.objective.plan.pathway)

    assert services.tick_action(action=action, by=person, now=NOW).state == ActionState.DONE


def test_person_does_not_tick_what_the_adviser_does(action, person, adviser):
    action.actor = Actor.ADVISER
    action.save()

    with pytest.raises(errors.NotTheActor):
        services.tick_action(action=action, by=person, now=NOW)
    assert services.tick_action(action=action, by=adviser.user, now=NOW).state == ActionState.DONE


def test_a_second_tick_is_refused(action, person):
    services.tick_action(action=action, by=person, now=NOW)

    with pytest.raises(errors.WrongMove, match="déjà « fait »"):
        services.tick_action(action=action, by=person, now=NOW)
    assert action.moves.count() == 1


def test_an_empty_word_is_refused(action, person):
    with pytest.raises(errors.NothingSaid):
        services.comment_action(action=action, comment="  ", by=person, now=NOW)


def test_a_dropped_action_keeps_its_history_and_comes_back(action, adviser):
    services.drop_action(action=action, by=adviser.user, now=NOW)
    services.untick_action(action=action, by=adviser.user, now=NOW)

    assert [kind for kind, *_ in moves(action)] == [MoveKind.DROPPED, MoveKind.UNDONE]


def test_a_closed_pathway_is_not_written(action, adviser):
    pathway = closed(action.objective.plan.pathway)
    target = TargetOccupationFactory(plan=action.objective.plan)
    common = {"by": adviser.user, "now": NOW}
    acts = [
        lambda: services.write_objective(pathway=pathway, title="X", **common),
        lambda: services.rename_objective(objective=action.objective, title="X", **common),
        lambda: services.shift_objective(objective=action.objective, up=True, **common),
        lambda: services.remove_objective(objective=action.objective, **common),
        lambda: services.write_action(objective=action.objective, title="X", actor="PERSON", **common),
        lambda: services.drop_action(action=action, **common),
        lambda: services.shift_action(action=action, up=True, **common),
        lambda: services.add_target(pathway=pathway, occupation=None, title="X", **common),
        lambda: services.remove_target(target=target, **common),
    ]

    for act in acts:
        with pytest.raises(errors.PathwayIsClosed):
            act()


def test_an_objective_with_actions_stays(action, adviser):
    with pytest.raises(errors.ObjectiveHasActions):
        services.remove_objective(objective=action.objective, by=adviser.user, now=NOW)

    empty = ObjectiveFactory(plan=action.objective.plan)
    services.remove_objective(objective=empty, by=adviser.user, now=NOW)
    assert list(action.objective.plan.objectives.all()) == [action.objective]


def test_targets_are_coded_or_in_own_words_once_and_five(adviser):
    pathway = PathwayFactory(adviser=adviser)
    common = {"pathway": pathway, "by": adviser.user, "now": NOW}
    coded = services.add_target(occupation=OccupationFactory(), title="ignoré", **common)
    own = services.add_target(occupation=None, title="Gardien de phare", **common)

    with pytest.raises(errors.TargetKnown):
        services.add_target(occupation=coded.occupation, **common)
    with pytest.raises(errors.TargetKnown):
        services.add_target(occupation=None, title="Gardien de phare", **common)
    assert (coded.label, own.label) == ("Boulanger / Boulangère", "Gardien de phare")

    for number in range(3):
        services.add_target(occupation=None, title=f"Métier {number}", **common)
    with pytest.raises(errors.TooManyTargets):
        services.add_target(occupation=None, title="Un de trop", **common)
    services.remove_target(target=own, by=adviser.user, now=NOW)
    assert TargetOccupation.objects.count() == 4


def test_own_ready_actions_are_offered_to_own_advisers_only(adviser):
    organisation = adviser.site.contract.holder
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=organisation)
    national = ReadyActionFactory()
    ready = services.add_ready_action(
        organisation=organisation,
        theme="SITUATION",
        title="Notre atelier",
        actor=Actor.PARTNER,
        days=7,
        by=manager,
        now=NOW,
    )
    other = AdviserFactory()

    assert set(selectors.ready_actions(user=adviser.user, theme="SITUATION")) == {ready, national}
    assert set(selectors.ready_actions(user=other.user, theme="SITUATION")) == {national}
    for _ in range(2):
        services.withdraw_ready_action(ready=ready, by=manager, now=NOW)
    assert set(selectors.ready_actions(user=adviser.user, theme="SITUATION")) == {national}
    assert AuditEvent.objects.filter(action="operators.plan.ready_action_withdrawn").count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operators_actionmove SET kind = 'UNDONE'",
        "UPDATE operators_actionmove SET comment = 'Autre chose'",
        "UPDATE operators_actionmove SET at = at - interval '1 day'",
        "DELETE FROM operators_actionmove",
    ],
)
def test_history_of_an_action_is_never_rewritten(statement):
    ActionMoveFactory(comment="Fait")

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ActionMove.objects.get().comment == "Fait"


def test_erasure_alone_blanks_a_word():
    ActionMoveFactory(comment="Fait")

    ActionMove.objects.update(comment="")

    assert ActionMove.objects.get().comment == ""


def test_wrong_state_move_is_refused_by_the_database():
    action = ActionFactory(state=ActionState.DONE)

    with pytest.raises(ProgrammingError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(state=ActionState.DROPPED)


@pytest.mark.parametrize(
    ("model", "change", "constraint"),
    [
        (Action, {"title": ""}, "action_has_title"),
        (Objective, {"title": ""}, "objective_has_title"),
        (TargetOccupation, {"title": "Deux à la fois"}, "target_coded_or_titled"),
    ],
)
def test_constraints_refuse(model, change, constraint):
    ActionFactory()
    TargetOccupationFactory()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**change)
