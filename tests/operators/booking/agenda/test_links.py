"""Signed links end, fail in words, and their failures are counted (RDV-SP 2927, 1076, 1805)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from operators.booking.agenda import rules, services
from operators.booking.agenda.links import sign
from operators.booking.agenda.models import LinkFailure
from operators.booking.agenda.services import link_failures
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.booking.agenda.road import page_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
NIGHT = NOW + timedelta(days=1)


def test_altered_link_says_what_to_do(client):
    signed = sign(AppointmentFactory().uuid)

    response = client.get(reverse("operators:appointment", args=[signed[:-3]]))

    assert response.status_code == 404
    assert "Copiez-le en entier" in response.text
    assert reverse("beneficiaries:request_find") in response.text


def test_link_ends_some_time_after_the_appointment(client, settings):
    ended = AppointmentFactory(starts_at=NOW - timedelta(days=settings.PORTAL_LINK_DAYS, hours=2))
    open_yet = AppointmentFactory(starts_at=NOW - timedelta(days=settings.PORTAL_LINK_DAYS))

    assert client.get(page_of(ended)).status_code == 410
    assert client.get(page_of(open_yet)).status_code == 200


@pytest.mark.dated
def test_page_says_until_when_its_link_opens(client):
    booked = AppointmentFactory()

    response = client.get(page_of(booked))

    assert response.context["link_ends"] == rules.link_ends_at(booked)
    assert "mercredi 30 décembre 2026" in response.text


def test_failures_are_counted_by_reason_and_kept_each_night_rdvsp_2927(client):
    for altered in ("x", sign(uuid.uuid4()), "y"):
        client.get(reverse("operators:appointment", args=[altered]))

    first, again = link_failures.keep(now=NIGHT), link_failures.keep(now=NIGHT)

    kept = LinkFailure.objects.order_by("reason").values_list("day", "reason", "count")
    day = NOW.date()
    assert (first, again) == (3, 3)
    assert list(kept) == [(day, "ALTERED", 2), (day, "UNKNOWN", 1)]


def test_link_alone_cancels_without_an_account_rdvsp_1076(client):
    """A signed link and, as second fact, that its holder opens the page before it closes (1076, 1805)."""
    booked = AppointmentFactory()

    client.post(page_of(booked, "appointment_cancel"), {"reason": "WORK"})

    booked.refresh_from_db()
    assert (booked.state, booked.cancelled_by, booked.cancel_reason) == ("CANCELLED", "PERSON", "WORK")


def test_reason_out_of_the_list_is_no_reason(client):
    booked = AppointmentFactory()

    client.post(page_of(booked, "appointment_cancel"), {"reason": "ADVISER_AWAY"})

    booked.refresh_from_db()
    assert (booked.state, booked.cancel_reason) == ("CANCELLED", "")


def test_mistake_is_undone_from_the_page(client):
    booked = AppointmentFactory(adviser=OpeningRuleFactory().adviser)
    client.post(page_of(booked, "appointment_cancel"))
    offered = client.get(page_of(booked))

    client.post(page_of(booked, "appointment_restore"))

    booked.refresh_from_db()
    assert "Annulé par erreur" in offered.text
    assert booked.state == "BOOKED"


def test_mode_is_changed_from_the_page(client):
    booked = AppointmentFactory(adviser=OpeningRuleFactory().adviser)
    modes = client.get(page_of(booked)).context["modes"]

    client.post(page_of(booked, "appointment_mode"), {"modalite": "visio"})

    booked.refresh_from_db()
    page = client.get(page_of(booked)).text
    assert [mode["value"] for mode in modes] == ["visio"]  # no number to call
    assert booked.video_url in page


def test_after_two_moves_the_page_offers_a_call(client):
    booked = AppointmentFactory(move_count=2)

    page = client.get(page_of(booked)).text

    assert "une personne cherche avec vous" in page
    assert "déplacer encore" in page


def test_unknown_mode_is_not_found(client):
    assert (
        client.post(page_of(AppointmentFactory(), "appointment_mode"), {"modalite": "x"}).status_code == 404
    )


def test_services_of_links_are_reached_by_the_task():
    assert services.link_failures is link_failures
