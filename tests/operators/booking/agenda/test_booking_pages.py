import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.models import ContactCode
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import slot_value
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.road import NINE, PERSON, book, give_name, hold, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_hold_page_says_until_when_and_that_nothing_is_booked(client, service_request):
    """RDV-SP 2936: people leave before the last step, sure it is booked."""
    response = client.get(hold(client, service_request).url)

    page = response.content.decode()
    assert "17\xa0h\xa010" in page
    assert "Pas encore réservé" in page


def test_phone_session_needs_a_number(client, service_request, site):
    value = slot_value(NINE, site.slug)
    held = client.post(slots_page(service_request, modalite="telephone"), {"creneau": value})

    response = client.post(held.url, {**PERSON, "phone": ""})

    assert response.context["form"].errors == {"phone": ["Indiquez le numéro où vous appeler."]}


def test_wrong_code_books_nothing(client, service_request):
    code_page, code = give_name(client, service_request)

    response = client.post(code_page, {"code": "000000" if code != "000000" else "1", "key": uuid.uuid4()})

    assert list(response.context["form"].errors) == ["code"]
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD


def test_double_click_on_the_code_is_one_booking(client, service_request):
    code_page, code = give_name(client, service_request)
    answer = {"code": code, "key": uuid.uuid4()}

    first, second = client.post(code_page, answer), client.post(code_page, answer)

    assert first.url == second.url
    assert Appointment.objects.count() == 1


def test_used_code_with_another_key_does_not_book_again(client, service_request):
    code_page, code = give_name(client, service_request)
    client.post(code_page, {"code": code, "key": uuid.uuid4()})

    response = client.post(code_page, {"code": code, "key": uuid.uuid4()})

    assert (response.status_code, response.url.endswith("/pris/")) == (302, True)
    assert Appointment.objects.count() == 1


def test_slot_lost_while_typing_the_code_offers_others_and_asks_no_second_code(client, service_request):
    code_page, code = give_name(client, service_request)
    held = Appointment.objects.get()
    Appointment.objects.filter(pk=held.pk).update(state=AppointmentState.EXPIRED)
    AppointmentFactory(adviser=held.adviser)

    refused = client.post(code_page, {"code": code, "key": uuid.uuid4()})
    again = hold(client, service_request, starts_at=NINE + timedelta(minutes=75))
    check = client.get(again.url)
    done = client.post(again.url, {"key": check.context["form"]["key"].value()})

    assert refused.status_code == 409
    assert done.url.endswith("/pris/")
    assert ContactCode.objects.count() == 1


def test_hold_of_a_booked_appointment_is_not_found_elsewhere(client, client_class, service_request):
    """The uuid is in the calendar file: it must not open the appointment (only the signed link does)."""
    book(client, service_request)
    page = reverse("operators:booking", args=[Appointment.objects.get().uuid])

    assert client.get(page).status_code == 302
    assert client_class().get(page).status_code == 410


def test_wrong_tries_on_a_used_code_are_counted_too(client, client_class, service_request):
    """Else the page of a code left on a shared phone lets anybody try the million of codes."""
    code_page, code = give_name(client, service_request)
    client.post(code_page, {"code": code, "key": uuid.uuid4()})
    stranger = client_class()
    wrong = "000000" if code != "000000" else "111111"

    for _ in range(5):
        stranger.post(code_page, {"code": wrong, "key": uuid.uuid4()})
    refused = stranger.post(code_page, {"code": code, "key": uuid.uuid4()})

    assert refused.context["form"].errors["code"][0].startswith("Trop d’essais")
    assert (
        stranger.get(reverse("operators:booking", args=[Appointment.objects.get().uuid])).status_code == 410
    )


def test_browser_that_only_asked_must_copy_a_code_like_anybody(client, client_class, service_request):
    """A counter's computer asked for the person, who gave a name elsewhere: it books nothing in that name."""
    session = client.session
    session["requests"] = [service_request.reference]
    session.save()
    service_request.beneficiary = BeneficiaryFactory()
    service_request.save()

    response = client.get(hold(client, service_request).url)

    assert "person" not in response.context
    assert service_request.beneficiary.first_name not in response.text


def test_session_gets_a_new_key_when_the_code_is_right(client, service_request):
    """Who noted the session of a shared phone does not follow the next person's."""
    session = client.session
    session["requests"] = [service_request.reference]
    session.save()
    before = client.session.session_key

    book(client, service_request)

    assert client.session.session_key != before
