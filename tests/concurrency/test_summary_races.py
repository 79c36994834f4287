"""The person accepts in two tabs, asks a correction in a third, while the adviser takes it back: one wins."""

from collections import Counter
from uuid import uuid4

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.documents.models import StoredDocument
from operators.casework.summaries.models import SummaryAnswer, SummaryDocument
from operators.casework.summaries.services import (
    accept_summary,
    ask_correction,
    propose_summary,
    start_summary,
    withdraw_summary,
)
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.operators import PathwayFactory
from tests.factories.summaries import SummaryFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = present()
ROUNDS = 6


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)


def proposed():
    user = UserFactory(role=Role.BENEFICIARY)
    return SummaryFactory(pathway=PathwayFactory(beneficiary__user=user), proposed=True), user


def acceptance(summary, user):
    def act():
        accept_summary(
            summary=summary,
            revision=1,
            content=b"%PDF-1.7 accepted",
            check_code=uuid4().hex[:16].upper(),
            by=user,
            now=NOW,
        )

    return act


def test_accepted_in_two_tabs_is_accepted_once(race):
    for _ in range(ROUNDS):
        summary, user = proposed()

        outcomes = race(*[acceptance(summary, user) for _ in range(4)])

        assert outcomes == Counter(done=1, NotProposed=3)
        assert SummaryAnswer.objects.filter(summary=summary).count() == 1

    assert StoredDocument.objects.count() == ROUNDS  # no file without its acceptance


def test_accepted_while_a_correction_is_asked_is_one_or_the_other(race):
    for _ in range(ROUNDS):
        summary, user = proposed()

        outcomes = race(
            acceptance(summary, user),
            lambda summary=summary, user=user: ask_correction(
                summary=summary, words="Pas mon métier", by=user, now=NOW
            ),
        )

        assert outcomes == Counter(done=1, NotProposed=1)
        answer = SummaryAnswer.objects.get(summary=summary).answer
        state = SummaryDocument.objects.get(pk=summary.pk).state
        assert (state, answer) in {("ACCEPTED", "ACCEPTED"), ("DRAFT", "CORRECTION")}


def test_accepted_while_the_adviser_writes_it_again_is_what_was_read(race):
    """Taken back, changed and proposed again in one breath: the first proposal is not accepted any more."""
    for _ in range(ROUNDS):
        summary, user = proposed()
        by = summary.pathway.adviser.user

        def again(summary=summary, by=by):
            propose_summary(summary=withdraw_summary(summary=summary, by=by, now=NOW), by=by, now=NOW)

        outcomes = race(acceptance(summary, user), again)

        state, revision = SummaryDocument.objects.values_list("state", "revision").get(pk=summary.pk)
        assert outcomes["done"] == 1
        assert (state, revision) in {("ACCEPTED", 1), ("PROPOSED", 2)}
        assert SummaryAnswer.objects.filter(summary=summary).count() == (1 if state == "ACCEPTED" else 0)


def test_two_tabs_begin_one_version(race):
    for _ in range(ROUNDS):
        pathway = PathwayFactory()

        def begin(pathway=pathway):
            start_summary(pathway=pathway, by=pathway.adviser.user, now=NOW)

        outcomes = race(*[begin] * 3)

        assert outcomes == Counter(done=1, AlreadyOpen=2)
        assert SummaryDocument.objects.filter(pathway=pathway).count() == 1
