"""Two advisers write the same person's situation at the same instant: one is true, the other is kept."""

from collections import Counter

import pytest

from operators.casework.situations.models import PathwaySituation
from operators.casework.situations.selectors.facts import Facts
from operators.casework.situations.services import change_situation, correct_situation
from tests.clock import moved_day, present
from tests.factories.operators import PathwayFactory
from tests.factories.situations import SituationFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = present()
ROUNDS = 6
PROFESSIONS = ("54", "55", "56", "64")


def facts(profession):
    return Facts(reasons=("TRAINING",), profession=profession)


def test_changes_of_one_day_leave_one_true(race):
    for _ in range(ROUNDS):
        pathway = PathwayFactory()

        outcomes = race(
            *[
                lambda code=code, pathway=pathway: change_situation(
                    pathway=pathway,
                    starts_on=moved_day("2026-11-02"),
                    facts=facts(code),
                    by=pathway.adviser.user,
                    now=NOW,
                )
                for code in PROFESSIONS
            ]
        )

        assert outcomes == Counter(done=4)
        assert pathway.situations.present().count() == 1
        assert pathway.situations.count() == 4


def test_one_row_is_corrected_once(race):
    for _ in range(ROUNDS):
        wrong = SituationFactory(pathway=PathwayFactory())

        outcomes = race(
            *[
                lambda code=code, wrong=wrong: correct_situation(
                    situation=wrong,
                    starts_on=wrong.starts_on,
                    facts=facts(code),
                    by=wrong.recorded_by,
                    now=NOW,
                )
                for code in PROFESSIONS
            ]
        )

        assert outcomes == Counter(done=1, AlreadyReplaced=3)

    assert PathwaySituation.objects.present().count() == ROUNDS
