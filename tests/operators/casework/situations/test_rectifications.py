"""A person has the own situation corrected (RGPD, article 16); answered once, told once."""

from datetime import timedelta

import pytest

from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services import restrict_file
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.days import local_day, months_later
from cep_portal.messaging.models import Message
from operators.casework.pathways.hooks import Day
from operators.casework.situations import selectors
from operators.casework.situations.contributions import rectifications_to_do
from operators.casework.situations.enums import RectificationAnswer, SituationPart
from operators.casework.situations.errors import (
    AlreadyAnswered,
    NothingCorrected,
    NothingRecorded,
    PartsMissing,
    RectificationOpen,
)
from operators.casework.situations.models import Rectification
from operators.casework.situations.selectors.facts import Facts
from operators.casework.situations.services import answer_rectification, ask_rectification, correct_situation
from tests.clock import present
from tests.factories.operators import PathwayFactory
from tests.factories.situations import RectificationFactory, SituationFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db
NOW = present()
WRONG = [SituationPart.PROFESSION, SituationPart.DIPLOMA]


@pytest.fixture
def written():
    return SituationFactory()


def ask(pathway, parts=WRONG):
    return ask_rectification(pathway=pathway, parts=parts, by=pathway.adviser.user, now=NOW)


def answer(asked, said, *, now=NOW + timedelta(hours=1)):
    return answer_rectification(rectification=asked, answer=said, by=asked.pathway.adviser.user, now=now)


def corrected(situation):
    correct_situation(
        situation=situation,
        starts_on=situation.starts_on,
        facts=Facts(reasons=("TRAINING",)),
        by=situation.recorded_by,
        now=NOW + timedelta(minutes=30),
    )


@pytest.mark.dated
def test_person_asks_and_the_adviser_s_day_says_so(written):
    adviser = written.pathway.adviser
    adviser.user.mandate = adviser.user.mandates.get()

    asked = ask(written.pathway)

    tasks = rectifications_to_do(Day(adviser, adviser.user, NOW))
    assert asked.parts == WRONG
    (task,) = tasks.first
    assert (tasks.count, task.about) == (1, written.pathway.beneficiary.full_name)
    assert (task.due_on, task.is_pinned) == (local_day(months_later(NOW, 1)), True)
    assert AuditEvent.objects.get(action="operators.rectification.asked").data == {}


def test_asking_is_refused_without_parts_without_situation_and_twice(written):
    with pytest.raises(PartsMissing):
        ask(written.pathway, [])
    with pytest.raises(NothingRecorded):
        ask(PathwayFactory())
    ask(written.pathway)
    with pytest.raises(RectificationOpen):
        ask(written.pathway)

    assert Rectification.objects.count() == 1


def test_correction_is_answered_and_the_person_told_once(written):
    asked = ask(written.pathway)
    corrected(written)

    answer(asked, RectificationAnswer.CORRECTED)
    with pytest.raises(AlreadyAnswered):
        answer(asked, RectificationAnswer.KEPT)

    asked.refresh_from_db()
    message = composed(Message.objects.get())
    assert (asked.answer, asked.answered_by) == ("CORRECTED", written.recorded_by)
    assert message.subject == "La réponse à votre demande"
    assert "/mon-espace/situation/" in message.body
    assert AuditEvent.objects.get(action="operators.rectification.answered").data == {"answer": "CORRECTED"}


def test_nothing_is_called_corrected_before_it_is(written):
    asked = ask(written.pathway)

    with pytest.raises(NothingCorrected):
        answer(asked, RectificationAnswer.CORRECTED)
    answer(asked, RectificationAnswer.KEPT)

    asked.refresh_from_db()
    assert asked.answer == "KEPT"


def test_person_may_ask_again_after_an_answer(written):
    answer(ask(written.pathway), RectificationAnswer.KEPT)

    assert ask(written.pathway).answered_at is None


def test_frozen_file_asks_nothing(written):
    asked = ask(written.pathway)
    restrict_file(beneficiary=written.pathway.beneficiary, now=NOW, by=written.recorded_by)

    with pytest.raises(FileRestricted):
        answer(asked, RectificationAnswer.KEPT)

    assert list(selectors.rectifications_to_answer(adviser=written.pathway.adviser)) == []


def test_to_do_shows_five_of_an_adviser_s_own_people(written):
    adviser = written.pathway.adviser
    adviser.user.mandate = adviser.user.mandates.get()
    for _ in range(6):
        RectificationFactory(pathway=PathwayFactory(adviser=adviser))
    RectificationFactory()

    tasks = rectifications_to_do(Day(adviser, adviser.user, NOW))

    assert (len(tasks.first), tasks.count) == (5, 6)
