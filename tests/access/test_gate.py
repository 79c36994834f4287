"""Whatever the page, a file that one does not follow opens behind one question, asked once."""

import re

import pytest
from django.db import transaction
from django.test import Client

from cep_portal.accounts.enums import Role
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser
from tests.access.matrix import MATRIX
from tests.access.test_matrix import path_of
from tests.access.world import build_both
from tests.factories.operators import AdviserFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
QUESTION = "/motif/"
A_FILE = re.compile(r"/bureau/parcours/[0-9a-f-]{36}/")
# Pages of a file whose address names something else of it: a note, an action, a document.
ALSO = {
    *("operators:note_correct", "operators:note_release", "operators:attachment"),
    *("operators:attachment_remove", "operators:plan_objective", "operators:plan_objective_shift"),
    *("operators:plan_objective_remove", "operators:plan_action", "operators:plan_action_state"),
    *("operators:plan_action_shift", "operators:plan_target_remove", "operators:summary_propose"),
    *("operators:summary_withdraw", "operators:summary_file", "operators:referral_detail"),
    *("operators:referral_take_back", "operators:session_log", "operators:situation_correct"),
    *("operators:situation_withdraw", "operators:rectification_answer"),
}

# The question itself; a file that nobody lent has none to take back.
NOT_BEHIND = {"operators:file_reason", "operators:pathway_take_back"}


def pages_of_files(side) -> list[str]:
    """By their address, so that a page to come is asked for too."""
    advisers = [name for name in MATRIX if Role.ADVISER in MATRIX[name] and name in side.kwargs]
    found = [name for name in advisers if name in ALSO or A_FILE.match(path_of(side, name))]
    return sorted(set(found) - NOT_BEHIND)


@pytest.fixture(scope="module")
def side(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_both()[0]
        transaction.set_rollback(True)


@pytest.fixture
def colleague(side, db):
    return AdviserFactory(site=Adviser.objects.get(user=side.people[Role.ADVISER]).site)


def location(client, path) -> str:
    """Where a page leads, by GET or, if it takes no GET, by POST; empty when it goes nowhere else."""
    answer = client.get(path)
    if answer.status_code == 405:
        return client.post(path).get("Location", "")
    assert answer.status_code in {200, 302}, path
    return answer.get("Location", "")


def test_colleague_is_asked_before_each_page_of_a_file(side, colleague):
    client = Client()
    client.force_login(colleague.user)

    open_at_once = [
        name for name in pages_of_files(side) if QUESTION not in location(client, path_of(side, name))
    ]

    assert open_at_once == []


def test_one_answer_opens_every_page_of_the_file(side, colleague):
    client = Client()
    client.force_login(colleague.user)
    for pathway in Pathway.objects.filter(contract=colleague.site.contract_id).order_by("pk"):
        client.post(f"/bureau/parcours/{pathway.uuid}{QUESTION}", {"kind": "CALL"})

    asked_again = [name for name in pages_of_files(side) if QUESTION in location(client, path_of(side, name))]

    assert asked_again == []


def test_who_follows_is_never_asked(side):
    client = Client()
    client.force_login(side.people[Role.ADVISER])

    asked = [name for name in pages_of_files(side) if QUESTION in location(client, path_of(side, name))]

    assert asked == []
