"""The pages of the personal space: appointments and preferences."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.services.contact import contact_choices
from beneficiaries.space.hooks import PAGES
from cep_portal.accounts.enums import Role
from operators.booking.agenda import links as agenda_links
from operators.booking.agenda.enums import AppointmentState
from reporting.surveys import links
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.reporting import SurveyFactory

pytestmark = pytest.mark.django_db


def person(client, **details):
    user = UserFactory(role=Role.BENEFICIARY)
    client.force_login(user)
    return BeneficiaryFactory(user=user, **details)


@pytest.mark.parametrize("count", [1, 4])
def test_appointments_to_come_and_past_with_constant_queries(client, django_assert_num_queries, count):
    own = person(client)
    now = timezone.now()
    for week in range(1, count + 1):
        AppointmentFactory(beneficiary=own, starts_at=now + timedelta(weeks=week))
        AppointmentFactory(
            beneficiary=own,
            starts_at=now - timedelta(weeks=week),
            booked_at=now - timedelta(weeks=week + 1),
            state=AppointmentState.ATTENDED,
        )
    AppointmentFactory(starts_at=now + timedelta(days=1))

    # session, user, mandates, is the file closed, person, to come, past, meetings
    with django_assert_num_queries(8):
        page = client.get("/mon-espace/rendez-vous/")

    panel = page.context["panel"]
    assert (len(panel["coming"]), len(panel["past"])) == (count, count)


def test_a_moved_appointment_is_shown_once(client):
    own = person(client)
    now = timezone.now()
    old = AppointmentFactory(
        beneficiary=own,
        starts_at=now + timedelta(days=2),
        state=AppointmentState.CANCELLED,
        cancelled_at=now,
        cancelled_by="PERSON",
    )
    AppointmentFactory(beneficiary=own, starts_at=now + timedelta(days=3), moved_from=old)

    panel = client.get("/mon-espace/rendez-vous/").context["panel"]

    assert (len(panel["coming"]), len(panel["past"])) == (1, 0)


def test_an_unknown_page_does_not_exist(client):
    person(client)

    assert client.get("/mon-espace/inconnue/").status_code == 404


def test_a_page_is_registered_once():
    with pytest.raises(ValueError, match="added twice"):
        PAGES.add(*PAGES)


def test_preferences_are_saved_and_read_by_the_next_message(client):
    own = person(client, phone="06 39 98 55 44")

    response = client.post(
        "/mon-espace/preferences/",
        {"by_email": "on", "reminders": "on", "discreet": "on", "contact_hours": "AFTER_18"},
        follow=True,
    )

    choices = contact_choices(own)
    assert "C’est enregistré" in response.text
    assert (choices.by_email, choices.by_sms, choices.contact_hours) == (True, False, "AFTER_18")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"by_sms": "on", "contact_hours": "ANY"}, "Aucun numéro de mobile"),
        ({"contact_hours": "ANY"}, "Gardez une façon de vous écrire"),
    ],
)
def test_preferences_that_cannot_be_are_refused_in_words(client, answers, words):
    person(client)

    assert words in client.post("/mon-espace/preferences/", answers).text


def test_first_screen_shows_the_pathway_the_survey_and_the_pages(client):
    own = person(client)
    pathway = PathwayFactory(beneficiary=own)
    CounsellingSessionFactory(pathway=pathway)
    survey = SurveyFactory(pathway=pathway)

    page = client.get("/mon-espace/")

    assert [panel.title for panel in page.context["panels"]] == [
        "Prendre rendez-vous",
        "Il vous reste une étape",
        "Ce que vous pouvez faire",
        "Mon conseiller",
    ]
    assert [group["title"] for group in page.context["groups"]] == [
        "Mon accompagnement",
        "Mes données et mon compte",
        "Changer, réclamer",
    ]
    assert ("Mes fichiers", reverse("operators:own_attachments")) in page.context["groups"][0]["links"]
    assert links.survey_path(survey) in page.text
    assert pathway.adviser.user.full_name in page.text
    for path in ("rendez-vous", "consultations", "donnees", "preferences"):
        assert f'href="/mon-espace/{path}/"' in page.text


def test_next_appointment_comes_with_its_buttons_and_empty_rooms_have_no_card(client):
    own = person(client)
    booked = AppointmentFactory(beneficiary=own, starts_at=timezone.now() + timedelta(days=9))

    page = client.get("/mon-espace/")

    assert next(panel.title for panel in page.context["panels"]) == "Mon prochain rendez-vous"
    signed = agenda_links.sign(booked.uuid)
    for name in ("operators:appointment", "operators:appointment_move", "operators:appointment_cancel"):
        assert f'href="{reverse(name, args=[signed])}"' in page.text
    titles = {panel.title for panel in page.context["panels"]}
    assert not titles & {"Mon plan d’action", "Mon conseiller", "Mes demandes"}
    assert "Mes fichiers" not in page.text
