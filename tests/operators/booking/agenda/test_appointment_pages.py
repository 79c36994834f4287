import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.hooks import next_steps
from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import slot_value
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.road import NINE, PERSON, book, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.mark.dated
def test_whole_road_books_and_ends_on_the_signed_page(client, service_request):
    response = client.get(book(client, service_request).url)

    booked = Appointment.objects.get()
    assert (booked.state, booked.beneficiary.email) == ("BOOKED", PERSON["email"])
    assert response.request["PATH_INFO"] == page_of(booked, "appointment_booked")
    assert "lundi 30 novembre 2026 à 9\xa0h" in response.content.decode()


@pytest.mark.parametrize(
    "name",
    ["appointment", "appointment_booked", "appointment_calendar", "appointment_cancel", "appointment_move"],
)
def test_altered_link_is_not_found(client, name):
    signed = sign(AppointmentFactory().uuid)
    other = sign(uuid.uuid4())

    for altered in (signed[:-1], signed.replace(signed[:4], "0000"), other, signed.split(".")[0]):
        assert client.get(reverse(f"operators:{name}", args=[altered])).status_code == 404


def test_hold_has_no_signed_page(client):
    assert client.get(page_of(AppointmentFactory(on_hold=True))).status_code == 404


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Votre rendez-vous"),
        ({"starts_at": at("2026-11-16 09:00")}, "Ce rendez-vous est passé"),
        (
            {"state": "CANCELLED", "cancelled_at": NOW, "cancelled_by": "OPERATOR"},
            "Ce rendez-vous est annulé",
        ),
    ],
)
def test_after_state_is_said(client, changes, title):
    response = client.get(page_of(AppointmentFactory(**changes)))

    assert f"<h1>{title}</h1>" in response.content.decode()


@pytest.mark.dated
def test_limit_is_shown_as_a_date_and_an_hour(client):
    """RDV-SP PR 4453: two limits that nobody understands."""
    page = client.get(page_of(AppointmentFactory())).content.decode()

    assert "lundi 30 novembre 2026 à 7\xa0h" in page


def test_after_the_limit_only_the_phone_is_left(client):
    soon = AppointmentFactory(starts_at=NOW + timedelta(minutes=119))

    page = client.get(page_of(soon)).content.decode()

    assert "appelez-nous" in page
    assert client.post(page_of(soon, "appointment_cancel")).url == page_of(soon)
    soon.refresh_from_db()
    assert soon.state == AppointmentState.BOOKED


def test_cancel_asks_then_cancels(client):
    booked = AppointmentFactory()
    page = page_of(booked, "appointment_cancel")

    asked = client.get(page)
    booked.refresh_from_db()
    before = booked.state
    client.post(page)

    booked.refresh_from_db()
    assert (asked.status_code, before) == (200, AppointmentState.BOOKED)
    assert (booked.state, booked.cancelled_by) == ("CANCELLED", "PERSON")


def test_move_checks_then_moves_and_the_old_link_leads_to_the_new(client, site, service_request):
    booked = AppointmentFactory(adviser=site.advisers.get(), service_request=service_request)
    page = page_of(booked, "appointment_move")
    answer = {"creneau": slot_value(NINE + timedelta(minutes=75), site.slug)}

    checked = client.post(page, answer)
    before = Appointment.objects.count()
    moved_page = client.post(page, {**answer, "confirmer": "1"}).url

    old = client.get(page_of(booked))
    assert (checked.status_code, before) == (200, 1)
    assert old.context["moved_url"] == moved_page
    assert client.get(moved_page).context["appointment"].starts_at == NINE + timedelta(minutes=75)


def test_calendar_file_is_served(client):
    response = client.get(page_of(AppointmentFactory(), "appointment_calendar"))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Rendez-vous" in response.content


def test_request_page_offers_a_slot_then_the_appointment_to_its_holder(service_request):
    def labels(*, is_holder):
        steps = next_steps(service_request=service_request, is_holder=is_holder, now=NOW)
        return [step.label for step in steps]

    before = labels(is_holder=True)
    AppointmentFactory(service_request=service_request)

    assert before == ["Choisir un créneau"]
    assert (labels(is_holder=True), labels(is_holder=False)) == (["Voir mon rendez-vous"], [])


def test_pages_of_an_appointment_are_never_stored(client):
    """A shared computer keeps nothing of them."""
    assert "no-store" in client.get(page_of(AppointmentFactory()))["Cache-Control"]


def test_personal_space_leads_with_the_coming_appointment(client):
    user = UserFactory(role=Role.BENEFICIARY)
    past, coming = at("2026-11-16 09:00"), NINE
    person = BeneficiaryFactory(user=user)
    for starts_at in (coming, past):
        booked = AppointmentFactory(beneficiary=person, starts_at=starts_at)
    client.force_login(user)

    panel, *_ = client.get(reverse("beneficiaries:space")).context["panels"]

    assert panel.title == "Mon prochain rendez-vous"
    assert panel.data["appointment"].starts_at == coming
    assert panel.data["url"] != page_of(booked)
