from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.network.enums import ServiceLevel
from reporting.surveys.enums import Satisfaction
from reporting.surveys.errors import SurveyAlreadyAnswered
from reporting.surveys.links import sign
from reporting.surveys.models import Survey
from reporting.surveys.services import answer_survey, send_due_surveys
from tests.factories.operators import (
    AdviserFactory,
    CounsellingSessionFactory,
    PathwayFactory,
    SiteFactory,
)
from tests.factories.reporting import SurveyFactory
from tests.messages import composed

pytestmark = pytest.mark.django_db
CLOSED_AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
NOW = CLOSED_AT + timedelta(minutes=4)


def closed_pathway(*levels, **changes):
    pathway = PathwayFactory(
        **{
            "state": PathwayState.CLOSED,
            "closed_at": CLOSED_AT,
            "outcome": ClosingOutcome.NEED_MET,
            **changes,
        }
    )
    for day, level in enumerate(levels or [ServiceLevel.ONE]):
        CounsellingSessionFactory(
            pathway=pathway, level=level, starts_at=CLOSED_AT - timedelta(days=30 - day)
        )
    return pathway


def test_closed_pathway_is_asked_once():
    pathway = closed_pathway()

    sent = [send_due_surveys(now=NOW), send_due_surveys(now=NOW + timedelta(minutes=5))]

    survey = Survey.objects.get()
    message = composed(Message.objects.get())
    assert sent == [1, 0]
    assert (survey.pathway, survey.sent_at, survey.level) == (pathway, NOW, ServiceLevel.ONE)
    assert message.recipient == pathway.beneficiary.email
    assert message.subject == "Votre avis en une question"
    assert reverse("reporting:survey", args=[sign(survey.uuid)]) in message.body


@pytest.mark.parametrize(
    ("levels", "reached"),
    [(["ONE", "ONE"], "ONE"), (["TWO", "ONE"], "TWO"), (["ONE", "TWO"], "TWO")],
)
def test_survey_carries_the_highest_level(levels, reached):
    closed_pathway(*levels)

    send_due_surveys(now=NOW)

    assert Survey.objects.get().level == reached


def test_closing_again_asks_again():
    pathway = closed_pathway()
    send_due_surveys(now=NOW)
    pathway.closed_at = NOW + timedelta(days=10)
    pathway.save()

    send_due_surveys(now=pathway.closed_at + timedelta(minutes=1))

    assert Survey.objects.count() == Message.objects.count() == 2


def test_only_recent_closings_with_a_session_are_asked():
    closed_pathway(closed_at=NOW - timedelta(days=8))
    closed_pathway(state=PathwayState.OPEN, closed_at=None, outcome="")
    PathwayFactory(state=PathwayState.CLOSED, closed_at=CLOSED_AT, outcome=ClosingOutcome.LOST)

    assert send_due_surveys(now=NOW) == 0


def test_batches_ask_everybody(monkeypatch):
    monkeypatch.setattr("reporting.surveys.rules.BATCH", 2)
    for _ in range(5):
        closed_pathway()

    assert send_due_surveys(now=NOW) == 5
    assert Survey.objects.count() == 5


def test_answer_is_written_once_with_its_local_day():
    adviser = AdviserFactory(site=SiteFactory(reunion=True))
    survey = SurveyFactory(pathway=PathwayFactory(adviser=adviser))
    evening = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)  # 2:00 on 1 December in La Réunion

    answer_survey(survey=survey, satisfaction=Satisfaction.SATISFIED, now=evening)

    survey.refresh_from_db()
    assert (survey.satisfaction, survey.answered_at) == (3, evening)
    assert survey.answered_on == date(2026, 12, 1)
    assert AuditEvent.objects.get().action == "reporting.survey.answered"
    with pytest.raises(SurveyAlreadyAnswered):
        answer_survey(survey=survey, satisfaction=1, now=evening)


def page(survey):
    return reverse("reporting:survey", args=[sign(survey.uuid)])


def test_anybody_with_the_link_answers_once(client):
    survey = SurveyFactory()

    asked = client.get(page(survey))
    thanked = client.post(page(survey), {"satisfaction": "4"}, follow=True)
    again = client.post(page(survey), {"satisfaction": "1"}, follow=True)

    survey.refresh_from_db()
    assert len(asked.context["form"]["satisfaction"].subwidgets) == 4
    assert thanked.redirect_chain == [(page(survey), 302)]
    assert survey.satisfaction == 4
    assert [one.templates[0].name for one in (thanked, again)] == ["reporting/surveys/thanks.html"] * 2


@pytest.mark.parametrize("answer", ["", "0", "5", "très"])
def test_other_answers_are_refused(client, answer):
    survey = SurveyFactory()

    response = client.post(page(survey), {"satisfaction": answer})

    survey.refresh_from_db()
    assert list(response.context["form"].errors) == ["satisfaction"]
    assert survey.answered_at is None


def test_tampered_link_is_unknown(client):
    survey, other = SurveyFactory(), SurveyFactory()
    signature = sign(survey.uuid).split(".")[1]

    links = [f"{other.uuid.hex}.{signature}", survey.uuid.hex, "x.y"]

    assert [client.get(reverse("reporting:survey", args=[link])).status_code for link in links] == [
        404,
        404,
        404,
    ]
