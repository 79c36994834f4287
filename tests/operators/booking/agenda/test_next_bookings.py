"""A second appointment: the first is shown, kept or replaced; the third says which ones exist."""

import re
import uuid
from datetime import time, timedelta

import pytest
from django.urls import reverse

from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import appointment_path
from operators.booking.agenda.models import Appointment
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.road import PERSON, hold, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def person():
    return BeneficiaryFactory(
        first_name="Dominique",
        last_name="Durand",
        email=PERSON["email"],
        user=UserFactory(role="BENEFICIARY"),
    )


def booked_for(person, site, day):
    """Another appointment of the person, on a later Monday or at a given hour."""
    starts = at(f"2026-12-{day:02d} 09:00") if isinstance(day, int) else at(day)
    return AppointmentFactory(
        adviser=site.advisers.first(),
        beneficiary=person,
        service_request=ServiceRequestFactory(contract=site.contract, beneficiary=person),
        starts_at=starts,
    )


def prove(client, service_request):
    """Hold, give the contact, copy the code: where the right code leads."""
    page = client.post(hold(client, service_request).url, PERSON).url
    body = Message.objects.filter(key__startswith="contact-code").latest("pk").body
    code = re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)
    return client.post(page, {"code": code, "key": uuid.uuid4()})


def confirm_as(client, page, instead):
    return client.post(page, {"key": uuid.uuid4(), "instead": instead})


def coming(person):
    return list(
        Appointment.objects.filter(beneficiary=person, state=AppointmentState.BOOKED).order_by("period")
    )


def test_a_first_appointment_is_booked_by_the_code_alone(client, service_request, person):
    answer = prove(client, service_request)

    assert len(coming(person)) == 1
    assert answer.url.endswith("/pris/")


def test_the_second_shows_the_first_and_waits_for_a_choice(client, service_request, site, person):
    first = booked_for(person, site, 7)

    page = prove(client, service_request).url

    shown = client.get(page)
    assert coming(person) == [first]
    assert appointment_path(first) in shown.text
    labels = [label for _, label in shown.context["form"].fields["instead"].choices]
    assert labels == ["Garder les deux", "Remplacer celui du lundi 7 décembre 2026 à 9\xa0h"]
    assert "Dites si ce rendez-vous" in client.post(page, {"key": uuid.uuid4()}).text
    assert coming(person) == [first]


def test_both_may_be_kept(client, service_request, site, person):
    first = booked_for(person, site, 7)

    confirm_as(client, prove(client, service_request).url, "garder")

    assert len(coming(person)) == 2
    assert first in coming(person)


def test_the_first_may_be_replaced(client, service_request, site, person):
    first = booked_for(person, site, 7)
    page = prove(client, service_request).url
    key = uuid.uuid4()

    answers = [client.post(page, {"key": key, "instead": first.uuid}) for _ in range(2)]

    first.refresh_from_db()
    (kept,) = coming(person)
    assert (first.state, first.cancelled_by, kept.service_request) == (
        AppointmentState.CANCELLED,
        "PERSON",
        service_request,
    )
    assert [answer.status_code for answer in answers] == [302, 302]


def test_nothing_is_given_back_when_the_new_slot_is_gone(client, service_request, site, person, clock):
    first = booked_for(person, site, 7)
    page = prove(client, service_request).url
    clock.move_to(NOW + timedelta(hours=1))
    Appointment.objects.filter(state="ON_HOLD").update(state="EXPIRED")
    AppointmentFactory(adviser=site.advisers.first())

    assert confirm_as(client, page, first.uuid).status_code == 409
    assert first in coming(person)


def test_the_third_says_which_ones_exist_and_links_to_them(client, service_request, site, person):
    both = [booked_for(person, site, day) for day in (7, 14)]

    page = prove(client, service_request).url

    shown = client.get(page)
    assert all(appointment_path(booked) in shown.text for booked in both)
    assert "Garder les deux" not in shown.text
    confirm_as(client, page, "garder")
    assert coming(person) == both
    confirm_as(client, page, both[1].uuid)
    assert len(coming(person)) == 2
    assert both[1] not in coming(person)


def test_an_appointment_too_near_cannot_be_replaced(client, service_request, site, person):
    booked_for(person, site, "2026-11-23 18:00")
    page = prove(client, service_request).url

    labels = [label for _, label in client.get(page).context["form"].fields["instead"].choices]

    assert labels == ["Garder les deux"]


def test_hours_of_who_is_known_say_what_is_booked(client, service_request, site, person):
    first = booked_for(person, site, 7)
    service_request.beneficiary = person
    service_request.save(update_fields=["beneficiary"])

    stranger = client.get(slots_page(service_request))
    client.force_login(person.user)
    known = client.get(slots_page(service_request))

    assert appointment_path(first) not in stranger.text
    assert appointment_path(first) in known.text
    assert "Prendre un autre rendez-vous" in known.text


def test_the_space_books_the_next_one_with_one_s_adviser_first(client, site, person):
    """The hours of the adviser, then those of the colleagues by one link."""
    first = booked_for(person, site, 7)
    colleague = AdviserFactory(site=site)
    OpeningRuleFactory(
        adviser=colleague,
        opens=time(14),
        closes=time(16),
    )
    client.force_login(person.user)

    space = client.get(reverse("beneficiaries:space"))
    url = (
        re.search(r'href="(/rendez-vous/choisir/[^"]+conseiller=le-mien)"', space.text)
        .group(1)
        .replace("&amp;", "&")
    )
    own = client.get(url)
    every = client.get(url.split("?")[0] + own.context["own_adviser"]["other_url"])

    assert first.service_request.reference in url
    hours = [slot["label"].replace("\xa0", " ") for day in own.context["days"] for slot in day["slots"]]
    assert "14 h" not in hours
    assert hours
    assert own.context["own_adviser"]["is_alone"]
    assert "14 h" in [
        slot["label"].replace("\xa0", " ") for day in every.context["days"] for slot in day["slots"]
    ]


def test_a_frozen_file_is_not_invited_to_book(client, site, person):
    booked_for(person, site, 7)
    person.restricted_at = NOW
    person.save(update_fields=["restricted_at"])
    client.force_login(person.user)

    assert "/rendez-vous/choisir/" not in client.get(reverse("beneficiaries:space")).text
