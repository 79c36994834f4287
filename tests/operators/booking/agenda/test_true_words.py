"""Sentences that depend on a state or a clock: after the hour, in another tab, with no way to write."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.models import ContactPreferences
from beneficiaries.request.presenters import confirmation_goes
from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, CancelledBy, HoldEnd
from operators.booking.agenda.errors import RenewedTooOften
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.notices import tell_booked
from operators.booking.agenda.presenters.slot_search import slot_value
from operators.booking.agenda.services import WantedSlot
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.road import NINE, book, hold, page_of, slots_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]

TEN = at("2026-11-30 10:15")


def text_of(client, url):
    return client.get(url).text.replace("\xa0", " ")


def test_hold_over_says_since_when(client, clock, service_request):
    page = hold(client, service_request).url
    assert "Créneau retenu jusqu’à" in text_of(client, page)

    clock.move_to(NOW + timedelta(minutes=11))

    shown = text_of(client, page)
    assert "n’est plus retenu depuis" in shown
    assert "17 h 10" in shown


def test_hold_replaced_in_a_second_tab_says_so_and_not_an_hour_to_come(client, clock, service_request):
    first = hold(client, service_request, NINE).url
    clock.move_to(NOW + timedelta(minutes=2))
    second = hold(client, service_request, TEN).url

    shown = text_of(client, first)

    assert "Un autre créneau a été choisi" in shown
    assert "17 h 10" not in shown
    assert "Créneau retenu jusqu’à" in text_of(client, second)


def test_hold_given_back_is_free_at_once_and_says_so(client, service_request):
    page = hold(client, service_request).url
    held = Appointment.objects.get()

    done = client.post(reverse("operators:hold_release", args=[held.uuid]), follow=True)

    assert "Ce créneau n’est plus retenu." in done.text
    assert "Vous avez rendu ce créneau" in text_of(client, page)
    held.refresh_from_db()
    assert (held.state, held.hold_end, held.hold_expires_at) == ("EXPIRED", HoldEnd.RELEASED, NOW)


def test_hold_booked_leads_its_browser_to_the_appointment_and_tells_the_others(
    client, client_class, service_request
):
    booked = book(client, service_request)
    held = Appointment.objects.get()
    page = reverse("operators:booking", args=[held.uuid])

    assert client.get(page).url == page_of(held)
    other = client_class().get(page)
    assert other.status_code == 410
    assert "Une réservation a été faite depuis cette page" in other.text
    assert booked.status_code == 302


def test_other_tab_learns_that_an_appointment_was_booked_since(client, clock, service_request):
    first = hold(client, service_request, NINE).url
    clock.move_to(NOW + timedelta(minutes=1))
    hold(client, service_request, TEN)
    services.confirm_hold(
        appointment=Appointment.objects.order_by("pk").last(),
        beneficiary=BeneficiaryFactory(),
        idempotency_key=uuid.uuid4(),
        now=NOW + timedelta(minutes=2),
    )

    shown = text_of(client, first)

    assert "Un rendez-vous est déjà pris pour cette demande" in shown
    assert "s’il est encore libre, il est à vous" not in shown


def test_hour_taken_back_by_the_service_says_so(client, service_request, adviser):
    page = hold(client, service_request).url

    services.lay_absence(
        adviser=adviser, starts_at=NINE, ends_at=NINE + timedelta(hours=1), by=adviser.user, now=NOW
    )

    assert "Ce créneau n’est plus proposé" in text_of(client, page)


def test_same_slot_in_two_tabs_is_one_hold_and_gains_no_time(client, clock, service_request):
    first = hold(client, service_request).url
    clock.move_to(NOW + timedelta(minutes=5))

    assert hold(client, service_request).url == first
    assert Appointment.objects.get().hold_expires_at == NOW + timedelta(minutes=10)


def test_hold_is_renewed_twice_at_most(client, clock, service_request):
    for minutes in (0, 11, 22):
        clock.move_to(NOW + timedelta(minutes=minutes))
        assert "/confirmer/" in hold(client, service_request).url
    clock.move_to(NOW + timedelta(minutes=33))

    refused = client.get(hold(client, service_request).url).text

    assert "Vous avez déjà retenu ce créneau 3 fois sans le réserver" in refused
    assert (
        Appointment.objects.filter(
            state=AppointmentState.ON_HOLD, hold_expires_at__gt=NOW + timedelta(minutes=33)
        ).count()
        == 0
    )
    assert "/confirmer/" in hold(client, service_request, TEN).url
    clock.move_to(NOW + timedelta(days=2))
    services.hold_for_person(
        service_request=service_request,
        wanted=WantedSlot(service_request.contract.sites.get(), NINE, "ONE", "ON_SITE"),
        now=NOW + timedelta(days=2),
        replaceable=None,
    )


def test_renewal_refused_by_the_service_names_itself(service_request, site):
    wanted = WantedSlot(site, NINE, "ONE", "ON_SITE")
    for minutes in (0, 11, 22):
        services.hold_for_person(
            service_request=service_request,
            wanted=wanted,
            now=NOW + timedelta(minutes=minutes),
            replaceable=None,
        )

    with pytest.raises(RenewedTooOften):
        services.hold_for_person(
            service_request=service_request, wanted=wanted, now=NOW + timedelta(minutes=33), replaceable=None
        )


def test_hold_over_still_books_when_free_whatever_its_renewals(client, clock, service_request):
    for minutes in (0, 11, 22):
        clock.move_to(NOW + timedelta(minutes=minutes))
        hold(client, service_request)
    held = Appointment.objects.order_by("pk").last()

    booked = services.confirm_hold(
        appointment=held,
        beneficiary=BeneficiaryFactory(),
        idempotency_key=held.uuid,
        now=NOW + timedelta(minutes=40),
    )

    assert booked.state == AppointmentState.BOOKED


def booked_soon(**facts):
    return AppointmentFactory(starts_at=NOW + timedelta(minutes=90), **facts)


def test_limit_already_past_is_offered_on_no_page(client):
    soon = booked_soon()

    for name in ("appointment_booked", "appointment"):
        shown = text_of(client, page_of(soon, name))
        assert "Déplacez ou annulez jusqu’au" not in shown
        assert "permet de le déplacer ou de l’annuler" not in shown


@pytest.mark.parametrize("act", ["booked", "moved", "changed", "reminder"])
def test_limit_passed_before_the_message_leaves_is_not_written(act):
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser)
    tell_booked(booked, now=NOW)
    message = Message.objects.get(channel="EMAIL")
    Message.objects.update(news=f"appointment.{act}")
    late = booked.starts_at - timedelta(minutes=30)
    Message.objects.update(expires_at=booked.starts_at)

    send_message(message_id=message.pk, now=late)

    message.refresh_from_db()
    assert message.state == "SENT"
    assert "vous-même jusqu’au" not in message.body
    assert "annuler jusqu’au" not in message.body
    assert f"Appelez le {booked.site.phone}" in message.body


def test_space_offers_no_change_after_the_limit(client):
    soon = booked_soon(beneficiary=BeneficiaryFactory(user=UserFactory(role=Role.BENEFICIARY)))
    client.force_login(soon.beneficiary.user)

    for page in (reverse("beneficiaries:space"), reverse("beneficiaries:space_page", args=["rendez-vous"])):
        shown = text_of(client, page)
        assert "déplacer ou annuler</a>" not in shown
        assert "Pour déplacer ou annuler, appelez le" in shown


def test_restoring_is_offered_until_an_hour_that_is_said(client, clock):
    booked = AppointmentFactory()
    services.cancel_appointment(appointment=booked, by=CancelledBy.PERSON, now=NOW)

    assert 'Rétablissez-le avant <span class="nowrap">17 h' in text_of(client, page_of(booked))
    clock.move_to(NOW + timedelta(hours=1))
    assert "Rétablissez-le" not in text_of(client, page_of(booked))


@pytest.mark.parametrize(
    ("state", "title"),
    [("ATTENDED", "Ce rendez-vous a eu lieu"), ("NO_SHOW", "Ce rendez-vous n’a pas eu lieu")],
)
def test_each_outcome_has_its_own_title(client, state, title):
    past = AppointmentFactory(state=state, starts_at=NOW - timedelta(hours=3))

    shown = text_of(client, page_of(past))

    assert f"<h1>{title}</h1>" in shown
    assert "Déplacez" not in shown


def test_confirmation_is_said_to_leave_only_when_it_does(client):
    unreachable = BeneficiaryFactory(email="", phone="02 61 91 00 01")
    told, silent = AppointmentFactory(), AppointmentFactory(beneficiary=unreachable)
    for booked in (told, silent):
        tell_booked(booked, now=NOW)

    assert "La confirmation part à votre adresse." in text_of(client, page_of(told, "appointment_booked"))
    assert "Aucun message ne part" in text_of(client, page_of(silent, "appointment_booked"))
    Message.objects.update(state="FAILED")
    assert "n’a pas pu partir" in text_of(client, page_of(told, "appointment_booked"))


def test_own_hour_is_not_offered_as_another_one(client, service_request, adviser):
    booked = AppointmentFactory(
        adviser=adviser, service_request=service_request, starts_at=NINE, level="ONE", mode="ON_SITE"
    )

    shown = client.get(page_of(booked, "appointment_move"))

    offered = [slot["value"] for day in shown.context["days"] for slot in day["slots"]]
    own = slot_value(NINE, booked.site.slug)
    assert offered
    assert own not in offered
    answer = client.post(page_of(booked, "appointment_move"), {"creneau": own, "confirmer": "1"}, follow=True)
    assert "C’est déjà l’heure de votre rendez-vous" in answer.text
    booked.refresh_from_db()
    assert booked.state == AppointmentState.BOOKED


def test_way_back_of_a_move_is_the_appointment(client, service_request, adviser):
    booked = AppointmentFactory(
        adviser=adviser, service_request=service_request, starts_at=NINE, level="ONE", mode="ON_SITE"
    )

    shown = client.get(page_of(booked, "appointment_move")).text

    assert f'<a href="{page_of(booked)}">Garder ma date</a>' in shown
    assert reverse("beneficiaries:request", args=[service_request.reference]) not in shown


def test_reference_is_in_every_message_of_an_appointment():
    rule = OpeningRuleFactory()
    asked = ServiceRequestFactory(contract=rule.site.contract)
    booked = AppointmentFactory(adviser=rule.adviser, service_request=asked)
    ContactPreferences.objects.create(beneficiary=booked.beneficiary, by_sms=False, changed_at=NOW)
    tell_booked(booked, now=NOW)
    services.cancel_appointment(appointment=booked, by=CancelledBy.OPERATOR, now=NOW)
    booked.refresh_from_db()

    Message.objects.update(about_version=booked.calendar_sequence)
    compose_all()

    bodies = list(Message.objects.filter(channel="EMAIL").values_list("body", flat=True))
    assert len(bodies) == 2
    for body in bodies:
        assert asked.displayed_reference in body


def test_slots_page_gives_the_held_slot_back(client, service_request):
    hold(client, service_request)
    held = Appointment.objects.get()

    assert reverse("operators:hold_release", args=[held.uuid]) in client.get(slots_page(service_request)).text


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ({"email": "lou@exemple.example", "phone": ""}, "La confirmation part à lou@exemple.example."),
        ({"email": "", "phone": "06 39 98 12 34"}, "La confirmation part à 06 39 98 12 34."),
        ({"email": "", "phone": "02 61 91 12 34"}, "Aucune confirmation ne part"),
    ],
)
def test_known_person_reads_where_the_confirmation_will_go(contact, said):
    assert confirmation_goes(BeneficiaryFactory(**contact)).replace("\xa0", " ").startswith(said)
