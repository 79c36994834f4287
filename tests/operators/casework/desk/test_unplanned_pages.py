"""The pages of a session that nobody booked: find the person, or register a new one."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.models import Beneficiary, ServiceRequest
from operators.casework.pathways.models import CounsellingSession, Pathway
from operators.network.enums import ServiceLevel
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(client):
    adviser = AdviserFactory()
    client.force_login(adviser.user)
    return adviser


def answers(**changes):
    started = timezone.localtime() - timedelta(hours=1)
    if started.date() != timezone.localdate():
        started = timezone.localtime()  # a run within the first hour of the day
    return {
        "level": "TWO",
        "mode": "PHONE",
        "held_on": started.date().isoformat(),
        "starts": f"{started:%H:%M}",
        "duration_minutes": "30",
        "themes": ["PROJECT"],
        "next_step": "PERSON_ACTS",
        "outcome": "",
        **changes,
    }


def test_page_logs_the_session_of_a_person_found(client, adviser):
    pathway = PathwayFactory(adviser=adviser)
    page = reverse("operators:unplanned_session", args=[pathway.beneficiary.uuid])

    answer = client.post(page, answers())

    session = CounsellingSession.objects.get()
    assert answer.status_code == 302
    assert answer.url == reverse("operators:today")
    assert (session.pathway, session.level, session.is_unplanned) == (pathway, "TWO", True)


def test_second_button_leads_to_the_note(client, adviser):
    pathway = PathwayFactory(adviser=adviser)
    page = reverse("operators:unplanned_session", args=[pathway.beneficiary.uuid])

    answer = client.post(page, answers(puis="note"))

    session = CounsellingSession.objects.get()
    assert answer.url == f"{reverse('operators:note_add', args=[pathway.uuid])}?seance={session.uuid}"


def test_page_is_prefilled_so_that_nothing_is_typed(client, adviser):
    pathway = PathwayFactory(adviser=adviser)
    CounsellingSessionFactory(pathway=pathway, level=ServiceLevel.TWO)

    form = client.get(reverse("operators:unplanned_session", args=[pathway.beneficiary.uuid])).context["form"]

    empty = {
        name
        for name, field in form.fields.items()
        if field.required and not form.get_initial_for_field(field, name)
    }
    assert empty == {"themes", "next_step"}
    assert form.initial["level"] == ServiceLevel.TWO


def test_page_shows_the_appointment_that_waits(client, adviser):
    pathway = PathwayFactory(adviser=adviser)
    appointment = AppointmentFactory(
        adviser=adviser, beneficiary=pathway.beneficiary, starts_at=timezone.now() - timedelta(hours=2)
    )

    page = client.get(reverse("operators:unplanned_session", args=[pathway.beneficiary.uuid]))

    assert reverse("operators:session_log", args=[appointment.uuid]) in page.text


def test_person_of_another_operator_is_not_found(client, adviser):
    foreign = PathwayFactory()

    for method in (client.get, client.post):
        assert (
            method(reverse("operators:unplanned_session", args=[foreign.beneficiary.uuid])).status_code == 404
        )


def test_search_shows_people_and_keeps_the_name_out_of_the_address(
    client, adviser, django_assert_num_queries
):
    for n in range(4):
        ServiceRequestFactory(
            contract=adviser.site.contract, beneficiary=BeneficiaryFactory(last_name=f"Martin{n}")
        )
    start = reverse("operators:unplanned_start")

    answer = client.post(start, {"recherche": "martin"})

    assert answer.url == start
    with django_assert_num_queries(7):  # session, user, mandates, people in a savepoint
        assert len(client.get(start).context["people"]) == 4


def newcomer(commune, **changes):
    return {
        "first_name": "Ana",
        "last_name": "Diaz",
        "phone": "06 39 98 00 01",
        "email": "",
        "commune_text": commune.name,
        "commune": commune.code,
        "commune_basis": "HOME",
        "situation": "EMPLOYEE",
        "needs": ["TAKE_STOCK"],
        "key": "11111111-1111-4111-8111-111111111111",
        **changes,
    }


@pytest.fixture
def commune(adviser):
    return adviser.site.commune  # in the region of the contract's lot


def test_new_person_is_registered_then_received(client, adviser, commune):
    answer = client.post(reverse("operators:newcomer"), newcomer(commune))

    asked, person = ServiceRequest.objects.get(), Beneficiary.objects.get()
    assert answer.url == reverse("operators:unplanned_session", args=[person.uuid])
    assert (asked.beneficiary, asked.contract, person.full_name) == (
        person,
        adviser.site.contract,
        "Ana Diaz",
    )
    assert client.get(answer.url).status_code == 200
    assert Pathway.objects.count() == 0


def test_double_click_is_one_new_person(client, adviser, commune):
    for _ in range(2):
        client.post(reverse("operators:newcomer"), newcomer(commune, is_another="on"))

    assert Beneficiary.objects.count() == 1


def test_person_known_by_name_and_number_is_asked_first(client, adviser, commune):
    known = BeneficiaryFactory(first_name="Ana", last_name="Diaz", phone="+33639980001")
    ServiceRequestFactory(contract=adviser.site.contract, beneficiary=known)

    page = client.post(reverse("operators:newcomer"), newcomer(commune))

    assert page.context["known"] == [known]
    assert Beneficiary.objects.count() == 1


def test_person_of_another_territory_is_told_who_receives(client, adviser):
    elsewhere = CommuneFactory(reunion=True)
    foreign = ContractFactory(lot__regions=[elsewhere.department.region])

    page = client.post(reverse("operators:newcomer"), newcomer(elsewhere))

    assert foreign.holder.name in page.text
    assert Beneficiary.objects.filter(last_name="Diaz").count() == 0
