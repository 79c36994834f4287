from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.hooks import Ahead
from operators.casework.pathways.models import Pathway
from operators.casework.plans.contributions import plan_preparation
from operators.casework.plans.enums import ActionState, Actor, MoveKind
from operators.casework.plans.models import Action, ActionMove
from tests.clock import moved, moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.plans import (
    ActionFactory,
    ActionMoveFactory,
    ActionPlanFactory,
    ObjectiveFactory,
    OccupationFactory,
    ReadyActionFactory,
)
from tests.undo import press_undo

pytestmark = pytest.mark.django_db
MONDAY = moved("2026-11-30 09:00")


@pytest.fixture
def person():
    return UserFactory(role=Role.BENEFICIARY)


@pytest.fixture
def pathway(person):
    return PathwayFactory(adviser=AdviserFactory(), beneficiary=BeneficiaryFactory(user=person))


@pytest.fixture
def adviser(client, pathway):
    client.force_login(pathway.adviser.user)
    return pathway.adviser


def text(response):
    return " ".join(response.content.decode().split())


def test_plan_is_written_in_few_clicks(client, adviser, pathway):
    ready = ReadyActionFactory(title="Lire dix offres", days=14)
    CounsellingSessionFactory(pathway=pathway, themes=["SITUATION"])

    response = client.post(reverse("operators:plan", args=[pathway.uuid]), {"title": "Changer de métier"})
    page = client.get(response["Location"])
    done = client.post(
        response["Location"], {"formulaire": "pretes", "ready": [str(ready.uuid)]}, follow=True
    )

    assert "sous 14" in text(page)
    action = Action.objects.get()
    assert (action.title, action.due_on) == ("Lire dix offres", timezone.localdate() + timedelta(days=14))
    assert "Lire dix offres" in text(done)


def test_own_words_make_an_action(client, adviser, pathway):
    objective = ObjectiveFactory(plan__pathway=pathway)
    url = reverse("operators:plan_objective", args=[objective.uuid])

    refused = client.post(url, {"formulaire": "autre", "autre-actor": "PERSON"})
    client.post(
        url,
        {
            "formulaire": "autre",
            "autre-title": "Appeler le centre",
            "autre-actor": "ADVISER",
            "autre-due_on": str(moved_day("2026-12-04")),
        },
    )

    assert "Dites en quelques mots ce qui est à faire." in text(refused)
    action = Action.objects.get()
    assert (action.title, action.actor, action.due_on) == (
        "Appeler le centre",
        Actor.ADVISER,
        moved_day("2026-12-04"),
    )


def test_nothing_ticked_is_said(client, adviser, pathway):
    ReadyActionFactory()
    objective = ObjectiveFactory(plan__pathway=pathway)

    response = client.post(
        reverse("operators:plan_objective", args=[objective.uuid]), {"formulaire": "pretes"}
    )

    assert "Cochez au moins une action." in text(response)


def test_objective_is_renamed_ranked_and_removed(client, adviser, pathway):
    plan = ActionPlanFactory(pathway=pathway)
    first, last = ObjectiveFactory(plan=plan), ObjectiveFactory(plan=plan)

    client.post(
        reverse("operators:plan_objective", args=[first.uuid]),
        {"formulaire": "titre", "titre-title": "Nouveau"},
    )
    client.post(reverse("operators:plan_objective_shift", args=[last.uuid]), {"sens": "haut"})
    removed = client.post(reverse("operators:plan_objective_remove", args=[last.uuid]), follow=True)
    left = list(plan.objectives.values_list("title", flat=True))
    press_undo(client, removed)

    assert left == ["Nouveau"]
    titles = plan.objectives.order_by("position").values_list("title", flat=True)
    assert list(titles) == ["Nouveau", last.title]


def test_action_is_changed_ranked_and_given_up(client, adviser, pathway):
    objective = ObjectiveFactory(plan__pathway=pathway)
    action, two = ActionFactory(objective=objective), ActionFactory(objective=objective)

    client.post(
        reverse("operators:plan_action", args=[action.uuid]),
        {"title": "Autrement", "actor": "PARTNER", "due_on": "", "help_text": "Une aide"},
    )
    client.post(reverse("operators:plan_action_shift", args=[action.uuid]), {"sens": "bas"})
    client.post(reverse("operators:plan_action_state", args=[two.uuid]), {"etat": "abandon"})
    unknown = client.post(reverse("operators:plan_action_state", args=[two.uuid]), {"etat": "?"})

    action.refresh_from_db()
    two.refresh_from_db()
    assert (action.title, action.actor, action.due_on) == ("Autrement", Actor.PARTNER, None)
    assert action.position > two.position
    assert (two.state, unknown.status_code) == (ActionState.DROPPED, 404)


def test_target_is_searched_then_added_and_removed(client, adviser, pathway):
    baker = OccupationFactory()
    url = reverse("operators:plan_targets", args=[pathway.uuid])

    found = client.get(url, {"metier": "boulangre"})
    client.post(url, {"code": baker.code})
    client.post(url, {"metier": "Gardien de phare"})
    again = client.post(url, {"code": baker.code}, follow=True)
    empty = client.post(url, {"metier": " "})

    labels = [target.label for target in pathway.action_plan.targets.order_by("pk")]
    assert "Boulanger / Boulangère" in text(found)
    assert labels == ["Boulanger / Boulangère", "Gardien de phare"]
    assert "Ce métier est déjà dans le plan." in text(again)
    assert empty.status_code == 404
    for target in pathway.action_plan.targets.all():
        removed = client.post(reverse("operators:plan_target_remove", args=[target.uuid]), follow=True)
        assert pathway.action_plan.targets.count() == 1
        press_undo(client, removed)
    assert sorted(target.label for target in pathway.action_plan.targets.all()) == sorted(labels)


@pytest.mark.parametrize("count", [1, 4])
def test_plan_query_count_is_constant(client, adviser, pathway, django_assert_num_queries, count):
    plan = ActionPlanFactory(pathway=pathway)
    for _ in range(count):
        ActionMoveFactory(action__objective__plan=plan, by=pathway.beneficiary.user, comment="Un mot")

    with django_assert_num_queries(12):
        response = client.get(reverse("operators:plan", args=[pathway.uuid]))

    assert len(response.context["rows"]) == count


def test_opening_a_plan_is_written_in_the_journal(client, adviser, pathway):
    client.get(reverse("operators:plan", args=[pathway.uuid]))

    assert AuditEvent.objects.filter(target_type="operators.pathway", target_id=pathway.pk).count() == 1


def test_closed_plan_is_read_not_written(client, adviser, pathway):
    pathway.state, pathway.closed_at, pathway.outcome = "CLOSED", timezone.now(), "NEED_MET"
    pathway.save()
    url = reverse("operators:plan", args=[pathway.uuid])

    response = client.post(url, {"title": "Trop tard"})

    assert "Ce parcours est clos" in text(response)
    assert not hasattr(type(pathway).objects.get(pk=pathway.pk), "action_plan")


def test_person_ticks_in_the_space_and_the_adviser_sees_it_move(client, pathway, person):
    CounsellingSessionFactory(pathway=pathway)
    action = ActionFactory(objective__plan__pathway=pathway, title="Lire dix offres")
    client.force_login(person)

    page = client.get(reverse("beneficiaries:space_page", args=["plan"]))
    client.post(reverse("operators:own_action_state", args=[action.uuid]), {"etat": "fait"})
    client.post(reverse("operators:own_action", args=[action.uuid]), {"comment": "Deux me plaisent"})
    ticked = client.get(reverse("beneficiaries:space_page", args=["plan"]))

    assert 'name="csrfmiddlewaretoken"' in text(page)
    assert "C’est fait" in text(page)
    assert "Décocher" in text(ticked)
    client.force_login(pathway.adviser.user)
    file = text(client.get(reverse("operators:pathway_detail", args=[pathway.uuid])))
    assert "1 action faite depuis" in file.replace("\xa0", " ").replace("\u202f", " ")
    assert "Action faite par la personne" in file
    assert ActionMove.objects.filter(by_person=True).count() == 2


def test_an_empty_word_and_an_unknown_state_are_refused(client, pathway, person):
    action = ActionFactory(objective__plan__pathway=pathway)
    client.force_login(person)

    empty = client.post(reverse("operators:own_action", args=[action.uuid]), {"comment": ""})
    unknown = client.post(reverse("operators:own_action_state", args=[action.uuid]), {"etat": "abandon"})

    assert "Écrivez un mot, ou revenez au plan." in text(empty)
    assert unknown.status_code == 404


def test_space_shows_the_plan_only_when_there_is_one(client, pathway, person):
    client.force_login(person)

    before = text(client.get(reverse("beneficiaries:space")))
    empty = text(client.get(reverse("beneficiaries:space_page", args=["plan"])))
    ActionFactory(objective__plan__pathway=pathway, title="Lire dix offres")
    after = text(client.get(reverse("beneficiaries:space")))

    assert "Voir tout mon plan" not in before
    assert "Pas encore de plan" in empty
    assert "Lire dix offres" in after


def test_another_person_sees_nothing_of_an_action(client, pathway):
    action = ActionFactory(objective__plan__pathway=pathway)
    client.force_login(UserFactory(role=Role.BENEFICIARY))

    assert client.get(reverse("operators:own_action", args=[action.uuid])).status_code == 404
    assert client.get(reverse("beneficiaries:space_page", args=["plan"])).status_code == 404


def test_frozen_file_hides_the_plan_and_leads_the_person_to_their_rights(client, adviser, pathway, person):
    action = ActionFactory(objective__plan__pathway=pathway)
    pathway.beneficiary.restricted_at = timezone.now()
    pathway.beneficiary.save()

    assert client.get(reverse("operators:plan", args=[pathway.uuid])).status_code == 404
    client.force_login(person)
    own = client.get(reverse("operators:own_action", args=[action.uuid]))
    assert (own.status_code, own.url) == (302, reverse("beneficiaries:space"))


@pytest.mark.parametrize("count", [1, 4])
def test_preparation_of_the_day_costs_one_query(client, adviser, django_assert_num_queries, count):
    for number in range(count):
        starts = MONDAY + timedelta(hours=2 * number)
        appointment = AppointmentFactory(adviser=adviser, starts_at=starts)
        pathway = PathwayFactory(adviser=adviser, beneficiary=appointment.beneficiary)
        CounsellingSessionFactory(pathway=pathway)
        ActionMoveFactory(
            action__objective__plan__pathway=pathway, action__state="DONE", comment="Fait", by=None
        )

    page = client.get(reverse("operators:today") + f"?jour={moved_day('2026-11-30')}")
    day = list(Appointment.objects.select_related("site"))
    pathways = {(one.beneficiary_id, one.contract_id): one for one in Pathway.objects.all()}
    with django_assert_num_queries(1):
        plan_preparation(Ahead(day, pathways, adviser.user))

    entries = page.context["days"][0]["entries"]
    assert len(entries) == count
    assert all("action faite depuis" in entry["detail"].replace("\xa0", " ") for entry in entries)


def test_manager_keeps_own_ready_actions(client):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    client.force_login(manager)
    url = reverse("operators:ready_action_list")

    client.post(url, {"theme": "TRAINING", "title": "Venir à notre atelier", "actor": "PERSON", "days": "10"})
    page = client.get(url)
    own = page.context["own"].get()
    withdrawn = client.post(reverse("operators:ready_action_withdraw", args=[own.uuid]), follow=True)
    left = client.get(url).context["own"].count()
    press_undo(client, withdrawn)

    assert own.organisation == manager.mandates.get().organisation
    assert "Venir à notre atelier" in text(page)
    again = client.get(url).context["own"].get()
    assert (left, again.title, again.days, again.actor) == (0, own.title, 10, own.actor)


@pytest.mark.parametrize("count", [1, 4])
def test_ready_list_query_count_is_constant(client, django_assert_num_queries, count):
    manager = UserFactory(role=Role.OPERATOR_MANAGER)
    organisation = manager.mandates.get().organisation
    ReadyActionFactory.create_batch(count, code=None, organisation=organisation)
    client.force_login(manager)

    with django_assert_num_queries(4):
        client.get(reverse("operators:ready_action_list"))


def test_session_log_opens_on_what_moved(client, adviser):
    appointment = AppointmentFactory(adviser=adviser, starts_at=timezone.now() - timedelta(hours=2))
    pathway = PathwayFactory(adviser=adviser, beneficiary=appointment.beneficiary)
    CounsellingSessionFactory(pathway=pathway, starts_at=timezone.now() - timedelta(days=30))
    action = ActionFactory(objective__plan__pathway=pathway, state="DONE")
    ActionMoveFactory(action=action, at=timezone.now() - timedelta(days=3))

    page = client.get(reverse("operators:session_log", args=[appointment.uuid]))

    assert [words.replace("\xa0", " ") for words in page.context["needed"]] == ["1 action faite depuis"]
    assert "faite depuis" in text(page)


@pytest.mark.parametrize("count", [1, 4])
def test_own_plan_query_count_is_constant(client, person, pathway, django_assert_num_queries, count):
    plan = ActionPlanFactory(pathway=pathway)
    for _ in range(count):
        ActionMoveFactory(action__objective__plan=plan, kind=MoveKind.COMMENTED, comment="Vu")
    client.force_login(person)

    # session, user, mandates, person, plan, objectives, actions, words, occupations
    with django_assert_num_queries(9):
        page = client.get(reverse("beneficiaries:space_page", args=["plan"]))

    assert len(page.context["panel"]["rows"]) == count
