"""Whoever does not mind how, who knows an adviser, who changes needs, and who only has the reference."""

import uuid

import pytest
from django.urls import reverse

from beneficiaries.request.enums import AccessNeed
from beneficiaries.request.rules import ASKED_KEY, PROVED_KEY
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import slot_value
from operators.network.enums import AdviserSkill
from operators.network.models import Adviser
from tests.clock import moved_day
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import at
from tests.operators.booking.agenda.road import NINE, PERSON, hold, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
TEN = at("2026-11-30 10:15")


def holding(client, service_request, key=ASKED_KEY):
    session = client.session
    session[key] = [service_request.reference]
    session.save()


def details(response):
    return [slot["detail"] for day in response.context["days"] for slot in day["slots"]]


def test_who_does_not_mind_how_sees_each_hour_once_with_its_way(client, service_request, site):
    OpeningRuleFactory(adviser__site=site, modes=["PHONE"], weekday=2)

    response = client.get(
        slots_page(service_request, modalite="toutes", semaine=str(moved_day("2026-11-30")))
    )

    assert details(response) == ["sur place"] * 2 + ["par téléphone"] * 2


def test_hour_chosen_without_minding_how_is_held_in_the_way_it_said(client, service_request, site):
    OpeningRuleFactory(adviser__site=site, modes=["PHONE"], weekday=2)
    page = slots_page(service_request, modalite="toutes", semaine=str(moved_day("2026-11-30")))
    last = client.get(page).context["days"][-1]["slots"][-1]["value"]

    client.post(page, {"creneau": last})

    assert Appointment.objects.get().mode == "PHONE"


def test_button_without_a_way_holds_nothing_when_none_was_chosen(client, service_request, site):
    page = slots_page(service_request, modalite="toutes")

    client.post(page, {"creneau": slot_value(NINE, site.slug)})

    assert Appointment.objects.count() == 0


def test_video_is_not_proposed_without_a_provider(client, service_request, settings):
    settings.PORTAL_VIDEO_URL = ""

    groups = client.get(slots_page(service_request)).context["groups"]

    assert [item["label"] for item in groups[1]["items"]] == ["Sur place", "Par téléphone", "Peu importe"]


@pytest.mark.parametrize(("proved", "shown"), [(True, "avec votre conseiller"), (False, "")])
def test_known_adviser_is_named_to_who_proved_who_they_are_only(client, site, proved, shown):
    """The reference alone says nothing of who follows whom."""
    person = BeneficiaryFactory()
    request = ServiceRequestFactory(contract=site.contract, beneficiary=person)
    AppointmentFactory(
        adviser=site.advisers.get(),
        beneficiary=person,
        state=AppointmentState.ATTENDED,
        starts_at=at("2026-11-16 09:00"),
    )
    if proved:
        holding(client, request, PROVED_KEY)

    response = client.get(slots_page(request, semaine=str(moved_day("2026-11-30"))))

    assert details(response) == [shown, shown]


def test_reference_alone_takes_no_hold_away_and_learns_no_date(client, client_class, service_request, site):
    hold(client, service_request)
    stranger = client_class()

    page = stranger.get(slots_page(service_request))
    refused = stranger.post(slots_page(service_request), {"creneau": slot_value(TEN, site.slug)}, follow=True)

    assert "déjà retenu pour vous" not in page.text
    assert "dans un autre navigateur, jusqu’à 17\xa0h\xa010" in refused.text
    assert Appointment.objects.get().starts_at == NINE


def test_same_browser_changes_its_choice(client, service_request):
    hold(client, service_request)

    hold(client, service_request, TEN)

    assert Appointment.objects.live().get().starts_at == TEN


def test_who_asked_from_this_browser_takes_over_the_hold_of_another(client, client_class, service_request):
    hold(client_class(), service_request)
    holding(client, service_request)

    hold(client, service_request, TEN)

    assert Appointment.objects.live().get().starts_at == TEN


def test_time_left_is_given_in_seconds_and_as_an_hour(client, service_request):
    """A text without JavaScript, a countdown with it (RDV-SP 2936, doctolib tours 49)."""
    page = client.get(hold(client, service_request).url).text

    assert 'data-countdown="600"' in page
    assert "jusqu’à <strong" in page


def test_needs_are_amended_with_the_contact(client, service_request):
    page = hold(client, service_request).url

    client.post(page, {**PERSON, "needs_shown": "True", "access_needs": [AccessNeed.COMPANION]})

    assert Appointment.objects.get().access_needs == [AccessNeed.COMPANION]


def test_form_without_the_boxes_changes_no_need(client, site):
    request = ServiceRequestFactory(contract=site.contract, access_needs=[AccessNeed.INTERPRETER])

    client.post(hold(client, request).url, PERSON)

    assert Appointment.objects.get().access_needs == [AccessNeed.INTERPRETER]


def test_steps_at_the_place_are_said_before_booking(client, service_request, site):
    site.is_step_free = False
    site.save()
    page = hold(client, service_request).url

    refused = client.post(page, {**PERSON, "needs_shown": "True", "access_needs": [AccessNeed.STEP_FREE]})

    assert "Il y a des marches" in refused.text
    assert Appointment.objects.get().access_needs == []


def test_known_person_amends_needs_and_books_in_one_press(client, site):
    Adviser.objects.update(skills=[AdviserSkill.SIGN_LANGUAGE])
    request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    holding(client, request, PROVED_KEY)
    page = hold(client, request).url

    done = client.post(
        page, {"key": uuid.uuid4(), "needs_shown": "True", "access_needs": [AccessNeed.SIGN_LANGUAGE]}
    )

    assert done.url.endswith("/pris/")
    assert Appointment.objects.get().access_needs == [AccessNeed.SIGN_LANGUAGE]
    assert "Langue des signes" in client.get(done.url).text


def test_need_that_this_adviser_cannot_meet_is_said_and_nothing_is_booked(client, site):
    request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    holding(client, request, PROVED_KEY)
    page = hold(client, request).url

    answer = client.post(
        page, {"key": uuid.uuid4(), "needs_shown": "True", "access_needs": [AccessNeed.SIGN_LANGUAGE]}
    )

    assert "le conseiller ne signe pas" in answer.text
    assert "appelez-nous pour une heure avec un conseiller qui signe" in answer.text
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD


def test_reference_of_nobody_is_not_found(client):
    assert client.get(reverse("operators:slot_list", args=["0" * 12])).status_code == 404
