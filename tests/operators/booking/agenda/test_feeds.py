"""The private calendar of an adviser: hours, never a name (RDV-SP 6524, 1354, 3064)."""

from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse

from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda import services
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.models import CalendarFeed
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory
from tests.operators.booking.agenda.acts import NINE, TEN
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


@pytest.fixture
def adviser():
    return AdviserFactory()


def renew(adviser):
    return services.renew_calendar_feed(adviser=adviser, by=adviser.user, now=NOW)


def address(secret):
    return reverse("operators:calendar_feed", args=[secret])


def events(response):
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


@pytest.mark.dated
def test_feed_gives_the_hours_in_the_zone_of_the_site(client, adviser):
    AppointmentFactory(adviser=adviser)

    (event,) = events(client.get(address(renew(adviser))))

    assert f"{event['DTSTART'].dt:%Y-%m-%d %H:%M}" == "2026-11-30 09:00"
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event["SUMMARY"] == "Rendez-vous"


def test_feed_names_nobody_and_no_place(client, adviser):
    AppointmentFactory(adviser=adviser, beneficiary=BeneficiaryFactory(last_name="Quimperlé"))

    text = client.get(address(renew(adviser))).text

    assert "Quimperlé" not in text
    assert adviser.site.name not in text


def test_feed_is_bounded_rdvsp_6524(client, adviser):
    for weeks in (-3, -1, 7, 9):
        AppointmentFactory(adviser=adviser, starts_at=NOW + timedelta(weeks=weeks))

    assert len(events(client.get(address(renew(adviser))))) == 2


def test_what_is_cancelled_is_no_longer_there(client, adviser):
    kept, gone = AppointmentFactory(adviser=adviser), AppointmentFactory(adviser=adviser, starts_at=TEN)
    services.cancel_appointment(appointment=gone, by=CancelledBy.OPERATOR, now=NOW)

    (event,) = events(client.get(address(renew(adviser))))

    assert event["UID"] == str(kept.uuid)


def test_second_of_a_pair_sees_the_session_and_a_hold_is_not_shown(client, adviser):
    AppointmentFactory(second_adviser=adviser)
    AppointmentFactory(adviser=adviser, on_hold=True, starts_at=TEN)

    assert len(events(client.get(address(renew(adviser))))) == 1


def test_unchanged_calendar_is_not_sent_again(client, adviser):
    AppointmentFactory(adviser=adviser)
    page = address(renew(adviser))
    etag = client.get(page)["ETag"]

    same = client.get(page, headers={"If-None-Match": etag})
    AppointmentFactory(adviser=adviser, starts_at=NINE + timedelta(days=1))
    changed = client.get(page, headers={"If-None-Match": etag})

    assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)


def test_new_address_ends_the_former(client, adviser):
    former = renew(adviser)
    renew(adviser)

    assert client.get(address(former)).status_code == 404


@pytest.mark.parametrize("end", ["closed", "left", "account"])
def test_address_ends_with_its_adviser(client, adviser, end):
    secret = renew(adviser)
    if end == "closed":
        services.end_calendar_feed(adviser=adviser, by=adviser.user, now=NOW)
    elif end == "left":
        adviser.is_active = False
        adviser.save()
    else:
        adviser.user.is_active = False
        adviser.user.save()

    assert client.get(address(secret)).status_code == 404


def test_secret_is_long_and_never_kept(adviser):
    secret = renew(adviser)

    assert len(secret) == 43  # 256 bits
    assert secret not in CalendarFeed.objects.get().token_hash
    assert secret not in str(AuditEvent.objects.latest("pk").data)


@pytest.mark.parametrize("bookings", [1, 4])
def test_feed_query_count_is_constant(client, adviser, django_assert_num_queries, bookings):
    for day in range(bookings):
        AppointmentFactory(adviser=adviser, starts_at=NINE + timedelta(days=day))
    page = address(renew(adviser))

    with django_assert_num_queries(3):  # address, sessions, other time
        client.get(page)


def test_adviser_opens_and_closes_the_address_from_the_desk(client, adviser):
    client.force_login(adviser.user)
    page = reverse("operators:feed_manage")

    shown = client.post(page)
    again = client.get(page)
    client.post(page, {"fermer": "1"})

    assert "/agenda/" in shown.context["address"]
    assert again.context["address"] == ""
    assert CalendarFeed.objects.count() == 0
