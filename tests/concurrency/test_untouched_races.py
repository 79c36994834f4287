"""An erasure, or a freezing, against whoever writes at the same instant, with real threads: no word stays."""

import pytest
from django.db import IntegrityError, connection

from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services import erase_person, restrict_file
from cep_portal.accounts.enums import Role
from operators.casework.pathways.services import close_pathway
from operators.casework.plans.models import Action
from operators.casework.plans.services import tick_action, write_action, write_objective
from operators.casework.summaries.services import start_summary
from tests.beneficiaries.rights.people import found_in_base
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import PathwayFactory
from tests.factories.plans import ActionFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CANARY = "canari-rouge-5150"
ROUNDS = 6


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def raw(action) -> None:
    """A writer that asks nobody: the trigger waits for the erasure, then refuses."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO operators_action"
                " (uuid, objective_id, title, help_text, actor, position, state, state_at)"
                " SELECT gen_random_uuid(), objective_id, %s, '', actor, position + 7, state, state_at"
                " FROM operators_action WHERE id = %s",
                [CANARY, action.pk],
            )
    except IntegrityError as refusal:
        raise FileRestricted from refusal


WRITERS = {
    "write_action": lambda action, by: write_action(
        objective=action.objective, title=CANARY, actor="PERSON", by=by, now=NOW
    ),
    "write_objective": lambda action, by: write_objective(
        pathway=action.objective.plan.pathway, title=CANARY, by=by, now=NOW
    ),
    "tick_action": lambda action, by: tick_action(action=action, comment=CANARY, by=by, now=NOW),
    "start_summary": lambda action, by: start_summary(pathway=action.objective.plan.pathway, by=by, now=NOW),
    "close_pathway": lambda action, by: close_pathway(
        pathway=action.objective.plan.pathway, outcome="NEED_MET", by=by, now=NOW
    ),
    "raw SQL": lambda action, _by: raw(action),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_word_stays_of_an_erasure_against_a_writer(race, name):
    for _ in range(ROUNDS):
        action = ActionFactory()
        pathway = action.objective.plan.pathway
        person, by = pathway.beneficiary, pathway.adviser.user

        outcomes = race(
            lambda person=person: erase_person(beneficiary=person, now=NOW, by=None, is_compulsory=True),
            lambda action=action, by=by: WRITERS[name](action, by),
        )

        assert outcomes["done"] + outcomes["FileRestricted"] == 2
        assert found_in_base(CANARY) == []


def test_a_frozen_file_keeps_no_action_written_after_it(race):
    for _ in range(ROUNDS):
        user = UserFactory(role=Role.BENEFICIARY)
        pathway = PathwayFactory(beneficiary=BeneficiaryFactory(user=user))
        action = ActionFactory(objective__plan__pathway=pathway)

        outcomes = race(
            lambda pathway=pathway, user=user: restrict_file(
                beneficiary=pathway.beneficiary, now=NOW, by=user
            ),
            lambda action=action: WRITERS["write_action"](action, action.objective.plan.pathway.adviser.user),
        )

        written = Action.objects.filter(objective=action.objective, title=CANARY).count()
        assert outcomes["done"] == 1 + written
