"""Where is my request: plain facts in order, and a way back in for who only has the reference."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.hooks import FACTS, Fact
from beneficiaries.request.models import ContactCode
from beneficiaries.request.rules import PROVED_KEY
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from tests.beneficiaries.test_request_pages import hold, url
from tests.clock import moved, wall
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.hooks import only

pytestmark = [pytest.mark.django_db, pytest.mark.at("2026-11-23 10:00")]  # the story prints its dates
ASKED = wall("2026-11-02 09:30")


def story(client, request):
    page = client.get(url("request", request.reference))
    return [fact.text.replace("\xa0", " ") for fact in page.context["facts"]]


def test_facts_of_upper_apps_come_in_order(client, monkeypatch):
    later, sooner = Fact(ASKED + timedelta(days=2), "après"), Fact(ASKED + timedelta(days=1), "avant")
    only(monkeypatch, FACTS, lambda _read: [later], lambda _read: [sooner])
    request = ServiceRequestFactory()
    hold(client, request)

    assert story(client, request)[1:] == ["avant", "après"]


def booked(request, **facts):
    at = {"starts_at": moved("2026-11-24 10:00"), "booked_at": ASKED + timedelta(days=1)}
    return AppointmentFactory(service_request=request, beneficiary=request.beneficiary, **(at | facts))


def test_story_of_a_request_tells_booking_move_and_session(client):
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    gone = {"cancelled_at": ASKED + timedelta(days=2), "cancelled_by": CancelledBy.PERSON}
    first = booked(request, state=AppointmentState.CANCELLED, **gone)
    booked(
        request,
        adviser=first.adviser,
        starts_at=moved("2026-11-25 10:00"),
        booked_at=ASKED + timedelta(days=2),
        moved_from=first,
        state=AppointmentState.ATTENDED,
    )
    hold(client, request)

    assert story(client, request) == [
        "Demande enregistrée. Cette date ne changera pas.",
        "Rendez-vous pris : mardi 24 novembre 2026 à 10 h.",
        "Rendez-vous déplacé : mercredi 25 novembre 2026 à 10 h.",
        "Vous avez rencontré un conseiller.",
    ]


@pytest.mark.parametrize(("by", "told"), [("PERSON", "par vous"), ("OPERATOR", "par le service")])
def test_story_says_who_cancelled(client, by, told):
    """RDV-I: a status that does not say who cancelled blames the person."""
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    cancelled = {"cancelled_at": ASKED + timedelta(days=2), "cancelled_by": by}
    booked(request, state=AppointmentState.CANCELLED, **cancelled)
    hold(client, request)

    assert f"Rendez-vous annulé {told} :" in story(client, request)[-1]


def test_missed_session_is_told_without_reproach(client):
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    booked(request, state=AppointmentState.NO_SHOW)
    hold(client, request)

    assert story(client, request)[-1] == ("Ce rendez-vous n’a pas eu lieu. Vous pouvez en choisir un autre.")


def test_story_for_who_only_has_the_reference_is_the_request_alone(client):
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    booked(request)

    assert story(client, request) == ["Demande enregistrée. Cette date ne changera pas."]


@pytest.mark.parametrize("count", [1, 4])
def test_story_costs_the_same_queries(client, django_assert_num_queries, count):
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    for number in range(count):
        booked(request, starts_at=datetime(2026, 11, 10 + number, 9, tzinfo=UTC))
    hold(client, request)

    # session, request, bookings, next appointment, then what waits: call-back, place in the list, offer
    with django_assert_num_queries(7):
        story(client, request)


@pytest.mark.parametrize("by_phone", [True, False])
def test_way_back_in_is_a_code_to_the_contact_once_proved(client, by_phone):
    person = BeneficiaryFactory(by_phone=by_phone)
    request = ServiceRequestFactory(beneficiary=person)

    sent = client.post(url("request_prove", request.reference))

    contact_code = ContactCode.objects.get()
    assert sent.url == url("request_code", request.reference, contact_code.uuid)
    digits = re.search(r"\b\d{6}\b", Message.objects.get().body)[0]
    done = client.post(sent.url, {"code": digits})
    assert done.url == url("request", request.reference)
    assert client.session[PROVED_KEY] == [request.reference]
    assert "Télécharger mon attestation" in client.get(done.url).text


def test_way_back_in_shows_no_contact_to_who_only_has_the_reference(client):
    person = BeneficiaryFactory()
    request = ServiceRequestFactory(beneficiary=person)
    held = AppointmentFactory(
        on_hold=True, service_request=request, starts_at=timezone.now() + timedelta(days=5)
    )

    sent = client.post(url("request_prove", request.reference))

    booking = reverse("operators:booking_code", args=[held.uuid, ContactCode.objects.get().uuid])
    for page in (sent.url, booking):
        assert person.email not in client.get(page).text
        assert person.last_name not in client.get(page).text


def test_way_back_in_refuses_kindly_when_nobody_can_be_reached(client):
    request = ServiceRequestFactory()

    page = client.post(url("request_prove", request.reference), follow=True)

    assert "Aucune adresse ni aucun numéro n’a été confirmé" in page.text


def test_way_back_in_asks_nothing_of_who_holds_the_request(client):
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())
    hold(client, request)

    client.post(url("request_prove", request.reference))

    assert not ContactCode.objects.exists()
