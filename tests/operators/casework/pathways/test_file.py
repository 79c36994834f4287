"""The file of a person: a band, one menu of acts, what moved since the reader's last visit."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.plans import ActionFactory
from tests.factories.summaries import SummaryFactory
from tests.operators.casework.pathways.test_session_services import log

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-11-26 10:24")]
DAY = timedelta(days=1)


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


@pytest.fixture
def pathway(adviser):
    person = BeneficiaryFactory(phone="0639980001", email="camille@exemple.example")
    return PathwayFactory(adviser=adviser, beneficiary=person)


def file_of(client, pathway, query=""):
    return client.get(reverse("operators:pathway_detail", args=[pathway.uuid]) + query)


def test_band_says_state_appointment_contact_and_who_follows(client, pathway):
    booked = AppointmentFactory(
        adviser=pathway.adviser,
        beneficiary=pathway.beneficiary,
        starts_at=MONDAY_NINE,
        service_request=ServiceRequestFactory(
            contract=pathway.adviser.site.contract, beneficiary=pathway.beneficiary
        ),
    )

    band = file_of(client, pathway).text.split('<dl class="band">')[1].split("</dl>")[0]

    assert "en cours" in band
    assert "lun. 30 nov." in band.replace("\u00a0", " ")
    assert reverse("operators:caller_move", args=[booked.uuid]) in band
    assert 'href="tel:+33639980001"' in band
    assert 'href="mailto:camille@exemple.example"' in band
    assert "vous" in band


def test_band_changes_the_level_both_ways(client, pathway):
    booked = AppointmentFactory(
        adviser=pathway.adviser, beneficiary=pathway.beneficiary, starts_at=MONDAY_NINE
    )
    assert "Passer au niveau 2" in file_of(client, pathway).text

    act = {"level": "TWO", "parcours": str(pathway.uuid)}
    after = client.post(reverse("operators:appointment_level", args=[booked.uuid]), act, follow=True)

    assert after.resolver_match.view_name == "operators:pathway_detail"
    assert "Passer au niveau 1" in after.text


def test_acts_are_in_one_menu_and_nothing_is_open(client, pathway):
    shown = file_of(client, pathway)

    labels = [act.label for act in shown.context["acts"]]
    assert labels == [
        "Saisir une séance imprévue",
        "Noter la situation",
        "Confier à un collègue",
        "Écrire une note",
        "Ajouter un fichier",
        "Orienter vers un partenaire",
        "Transférer à un autre opérateur",
        "Clore le parcours",
    ]
    assert shown.text.count('<details class="menu">') == 1
    assert "<details open" not in shown.text
    assert 'name="outcome"' not in shown.text


def test_closing_is_asked_from_the_menu(client, pathway):
    assert 'name="outcome"' in file_of(client, pathway, "?clore=1").text

    pathway.state, pathway.closed_at, pathway.outcome = PathwayState.CLOSED, timezone.now(), "NEED_MET"
    pathway.save()

    closed = file_of(client, pathway, "?clore=1")
    assert 'name="outcome"' not in closed.text
    assert "Clore le parcours" not in [act.label for act in closed.context["acts"]]


def test_first_visit_has_no_news(client, pathway):
    CounsellingSessionFactory(pathway=pathway, starts_at=MONDAY_NINE - 10 * DAY)

    shown = file_of(client, pathway)

    assert shown.context["moved"] == []
    assert "dernière visite" not in shown.text


def test_news_since_the_last_visit_come_first(client, clock, pathway):
    file_of(client, pathway)
    clock.move_to(timezone.now() + 2 * DAY)
    client.force_login(pathway.adviser.user)
    colleague = AdviserFactory(site=pathway.adviser.site)
    theirs = CounsellingSessionFactory(
        pathway=pathway,
        adviser=colleague,
        starts_at=timezone.now() - timedelta(hours=5),
        recorded_at=timezone.now() - timedelta(hours=3),
    )

    shown = file_of(client, pathway)

    ((news,),) = [day["entries"] for day in shown.context["moved"]]
    assert colleague.user.full_name in news["detail"]
    assert shown.text.index("Depuis votre dernière visite") < shown.text.index("Ce qui s’est passé")
    assert theirs.pathway == pathway


def test_openings_of_one_hour_are_one_visit(client, clock, pathway):
    file_of(client, pathway)
    clock.move_to(timezone.now() + timedelta(minutes=59))
    assert file_of(client, pathway).context["visited_at"] is None

    clock.move_to(timezone.now() + timedelta(minutes=2))
    again = file_of(client, pathway)
    assert again.context["visited_at"] is not None
    assert "Rien de nouveau depuis votre dernière visite" in again.text


def test_visit_of_a_colleague_is_not_mine(client, clock, pathway):
    colleague = AdviserFactory(site=pathway.adviser.site)
    AppointmentFactory(adviser=colleague, beneficiary=pathway.beneficiary, starts_at=MONDAY_NINE)
    file_of(client, pathway)
    clock.move_to(timezone.now() + 2 * DAY)
    client.force_login(colleague.user)

    assert file_of(client, pathway).context["visited_at"] is None


@pytest.mark.parametrize("level", ["ONE", "TWO"])
def test_who_comes_back_at_either_level_finds_plan_and_summary(client, adviser, level):
    booked = AppointmentFactory(adviser=adviser, level=level)
    pathway = PathwayFactory(
        adviser=adviser,
        beneficiary=booked.beneficiary,
        state=PathwayState.CLOSED,
        closed_at=MONDAY_NINE - 60 * DAY,
        outcome="NEED_MET",
    )
    ActionFactory(objective__plan__pathway=pathway)
    SummaryFactory(pathway=pathway)

    log(booked, level=level)

    assert Pathway.objects.get() == pathway
    said = {section.title: section.data for section in file_of(client, pathway).context["sections"]}
    assert said["Plan d’action"]["count"] == 1
    assert said["Document de synthèse"]["latest"].pathway == pathway
