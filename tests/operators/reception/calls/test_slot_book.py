"""A hole of the agenda, booked: the hour, the person, the agreement. Three clicks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.agenda.models import Appointment
from tests.clock import moved_day
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-11-26 10:24")]
PAGE = reverse("operators:slot_book")


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    OpeningRuleFactory(adviser=adviser)
    client.force_login(adviser.user)
    return adviser


@pytest.fixture
def waiting(adviser):
    return ServiceRequestFactory(
        contract=adviser.site.contract,
        beneficiary=BeneficiaryFactory(first_name="Camille", last_name="Petit"),
    )


def hour_of(adviser, heure="09:00"):
    day = str(moved_day("2026-11-30"))
    return f"{PAGE}?qui={adviser.uuid}&jour={day}&heure={heure}"


def test_visible_hole_is_booked_in_three_clicks(client, adviser, waiting):
    agenda = reverse("operators:agenda", query={"vue": "jour", "jour": str(moved_day("2026-11-30"))})
    (hole, *_) = client.get(agenda).context["days"][0]["free"]

    page = client.get(hole["url"])  # 1: the hole
    (person,) = page.context["proposed"]
    held = client.post(hole["url"], {"personne": str(person.uuid)}, follow=True)  # 2: the name
    assert ('name="agreed"' in held.text, 'type="checkbox"' in held.text) == (True, False)
    key = held.context["form"]["key"].value()
    client.post(held.redirect_chain[-1][0], {"key": key, "agreed": "on"})  # 3: « d’accord : réserver »

    booked = Appointment.objects.get()
    assert (booked.state, booked.starts_at, booked.adviser, booked.beneficiary) == (
        "BOOKED",
        MONDAY_NINE,
        adviser,
        waiting.beneficiary,
    )


def test_agreement_is_never_taken_for_granted(client, adviser, waiting):
    held = client.post(hour_of(adviser), {"personne": str(waiting.beneficiary.uuid)}, follow=True)

    client.post(held.redirect_chain[-1][0], {"key": held.context["form"]["key"].value()})

    assert Appointment.objects.get().state == "ON_HOLD"


def test_people_followed_come_first_then_the_oldest_request(client, adviser, waiting):
    followed = ServiceRequestFactory(
        contract=adviser.site.contract, beneficiary=BeneficiaryFactory(), state="RECEIVED"
    )
    PathwayFactory(adviser=adviser, beneficiary=followed.beneficiary)
    booked = ServiceRequestFactory(contract=adviser.site.contract, beneficiary=BeneficiaryFactory())
    AppointmentFactory(adviser=adviser, beneficiary=booked.beneficiary, starts_at=MONDAY_NINE + timedelta(1))

    proposed = client.get(hour_of(adviser)).context["proposed"]

    assert proposed == [followed.beneficiary, waiting.beneficiary]


def test_person_is_searched_without_a_name_in_the_address(client, adviser, waiting):
    answer = client.post(hour_of(adviser), {"recherche": "petit"})

    assert answer["Location"] == hour_of(adviser)
    assert client.get(hour_of(adviser)).context["found"] == [waiting.beneficiary]
    assert client.get(hour_of(adviser)).context["search"] == ""


def test_hour_taken_meanwhile_leads_back_to_the_day(client, adviser):
    AppointmentFactory(adviser=adviser, starts_at=MONDAY_NINE)

    answer = client.get(hour_of(adviser), follow=True)

    assert "Cette heure n’est plus libre." in answer.text
    assert answer.resolver_match.view_name == "operators:agenda"


@pytest.mark.parametrize("query", ["?qui=moi", "?qui={}&jour=0001-01-01&heure=09:00", "?qui={}&jour=hier"])
def test_altered_address_is_404(client, adviser, query):
    assert client.get(PAGE + query.format(adviser.uuid)).status_code == 404


def test_another_operator_s_adviser_or_person_is_404(client, adviser):
    assert client.get(hour_of(AdviserFactory())).status_code == 404
    stranger = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    answer = client.post(hour_of(adviser), {"personne": str(stranger.beneficiary.uuid)})
    assert answer.status_code == 404


def test_intake_officer_books_for_an_adviser(client, adviser, waiting):
    officer = UserFactory(role=Role.INTAKE_OFFICER, role__organisation=adviser.site.contract.holder)
    client.force_login(officer)

    client.post(hour_of(adviser), {"personne": str(waiting.beneficiary.uuid)})

    assert Appointment.objects.get().channel == "INTAKE_OFFICER"


def test_level_follows_the_last_time_within_what_is_offered(client, adviser, waiting):
    AppointmentFactory(
        adviser=adviser,
        beneficiary=waiting.beneficiary,
        level="TWO",
        state="ATTENDED",
        starts_at=MONDAY_NINE - timedelta(weeks=2),
    )

    client.post(hour_of(adviser), {"personne": str(waiting.beneficiary.uuid)})
    assert Appointment.objects.get(state="ON_HOLD").level == "TWO"

    client.post(hour_of(adviser, "10:15"), {"personne": str(waiting.beneficiary.uuid), "niveau": "1"})
    assert Appointment.objects.get(state="ON_HOLD").level == "ONE"


def test_query_count_is_constant(client, adviser):
    counts = []
    for _ in range(4):
        ServiceRequestFactory(contract=adviser.site.contract, beneficiary=BeneficiaryFactory())
        with CaptureQueriesContext(connection) as queries:
            client.get(hour_of(adviser))
        counts.append(len(queries))

    assert counts == [counts[0]] * 4
