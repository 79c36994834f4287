"""A session's themes are logged for the figures: none joins a document to be shared unless it is chosen."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from beneficiaries.rights.services.erasure import erase_person
from cep_portal.accounts.enums import Role
from operators.casework.pathways.enums import Theme
from operators.casework.summaries import services
from operators.casework.summaries.models import SummaryDocument
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.summaries import SummaryFactory

pytestmark = pytest.mark.django_db
NOW = present()
HEALTH = Theme.WORKING_LIFE.label


@pytest.fixture
def pathway():
    pathway = PathwayFactory(beneficiary__user=UserFactory(role=Role.BENEFICIARY))
    CounsellingSessionFactory(pathway=pathway, themes=["WORKING_LIFE", "SKILLS"])
    return pathway


def propose(client, pathway, **answers):
    client.force_login(pathway.adviser.user)
    client.post(reverse("operators:summary_start", args=[pathway.uuid]))
    answers = {"project": "Boulangère", "acte": "proposer", **answers}
    client.post(reverse("operators:summary", args=[pathway.uuid]), answers)
    return SummaryDocument.objects.order_by("-version").first()


def read_by_the_person(client, summary):
    client.force_login(summary.pathway.beneficiary.user)
    return client.get(reverse("operators:own_summary", args=[summary.uuid])).text


def test_no_theme_joins_by_itself(client, pathway):
    summary = propose(client, pathway)

    assert summary.content["themes"] == []
    text = read_by_the_person(client, summary)
    assert (HEALTH in text, Theme.SKILLS.label in text) == (False, False)


def test_the_theme_that_was_ticked_joins_alone(client, pathway):
    summary = propose(client, pathway, themes=["SKILLS"])

    assert summary.content["themes"] == ["Compétences et expérience"]
    assert HEALTH not in read_by_the_person(client, summary)


def test_health_joins_when_it_is_ticked_and_the_person_reads_it_before_accepting(client, pathway):
    summary = propose(client, pathway, themes=["WORKING_LIFE"])

    assert HEALTH in read_by_the_person(client, summary)


def test_page_offers_what_was_worked_health_last_and_ticks_nothing(client, pathway):
    client.force_login(pathway.adviser.user)
    client.post(reverse("operators:summary_start", args=[pathway.uuid]))

    field = client.get(reverse("operators:summary", args=[pathway.uuid])).context["form"]["themes"]

    assert [value for value, _ in field.field.choices] == ["SKILLS", "WORKING_LIFE"]
    assert field.value() == []


@pytest.mark.parametrize(
    ("minutes", "by_another", "ticked"), [(5, False, ["SKILLS"]), (61, False, []), (5, True, [])]
)
def test_themes_just_logged_come_ticked_but_health(pathway, minutes, by_another, ticked):
    """Ticked a moment ago by the same adviser: not asked twice, and unticked with a press."""
    other = {"adviser": AdviserFactory(site=pathway.adviser.site)} if by_another else {}
    CounsellingSessionFactory(
        pathway=pathway,
        themes=["WORKING_LIFE", "SKILLS"],
        starts_at=NOW - timedelta(hours=3),
        recorded_at=NOW - timedelta(minutes=minutes),
        **other,
    )

    begun = services.start_summary(pathway=pathway, by=pathway.adviser.user, now=NOW)

    assert begun.themes == ticked


def test_what_was_not_worked_is_refused(client, pathway):
    summary = propose(client, pathway, themes=["BUSINESS"])

    assert (summary.state, summary.themes) == ("DRAFT", [])


def test_without_a_session_nothing_is_asked(client):
    pathway = PathwayFactory()
    client.force_login(pathway.adviser.user)
    client.post(reverse("operators:summary_start", args=[pathway.uuid]))

    page = client.get(reverse("operators:summary", args=[pathway.uuid]))

    assert "themes" not in page.context["form"].fields


def test_next_version_keeps_the_choice_but_health(pathway):
    by = pathway.adviser.user
    SummaryFactory(pathway=pathway, accepted=True, themes=["WORKING_LIFE", "SKILLS"])

    following = services.start_summary(pathway=pathway, by=by, now=NOW)

    assert following.themes == ["SKILLS"]


def test_database_keeps_the_themes_that_were_accepted(pathway):
    SummaryFactory(pathway=pathway, accepted=True, themes=["SKILLS"])

    with (
        pytest.raises(ProgrammingError, match="frozen_words"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE operators_summarydocument SET themes = '{}'")


def test_erasure_takes_the_themes_away(pathway):
    summary = SummaryFactory(pathway=pathway, themes=["SKILLS"])

    erase_person(beneficiary=pathway.beneficiary, now=NOW, by=None, is_compulsory=True)

    summary.refresh_from_db()
    assert summary.themes == []
