from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from cep_portal.messaging.models import Message
from operators.agenda import services
from operators.agenda.calendar import calendar_file
from operators.agenda.enums import CancelledBy
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


def read(text: str):
    calendar = Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_calendar_names_neither_the_service_nor_the_place_nor_the_person():
    booked = AppointmentFactory()

    text = calendar_file(booked, method="REQUEST", now=NOW)

    _, event = read(text)
    assert str(event["summary"]) == "Rendez-vous"
    assert {"LOCATION", "DESCRIPTION", "ATTENDEE", "URL"} & set(event) == set()
    for secret in (booked.site.name, booked.beneficiary.last_name, "Conseil", "évolution"):
        assert secret not in text


def test_hours_carry_the_zone_of_the_site_rdvi_pr_3282():
    booked = AppointmentFactory(
        adviser__site=SiteFactory(reunion=True), starts_at=at("2026-11-30 09:00", "Indian/Reunion")
    )

    calendar, event = read(calendar_file(booked, method="REQUEST", now=NOW))

    start = event["dtstart"]
    assert start.params["TZID"] == "Indian/Reunion"
    assert f"{start.dt:%Y-%m-%d %H:%M}" == "2026-11-30 09:00"
    assert start.dt.astimezone(UTC) == datetime(2026, 11, 30, 5, tzinfo=UTC)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Indian/Reunion"]


def test_move_and_cancel_update_the_same_event():
    """One UID through the chain, a growing sequence: calendars replace the entry, then remove it."""
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser)

    moved = services.move_appointment(
        appointment=booked,
        site=rule.site,
        starts_at=at("2026-11-30 10:15"),
        level="ONE",
        mode="PHONE",
        now=NOW,
    )
    services.cancel_appointment(appointment=moved, by=CancelledBy.PERSON, now=NOW)

    sent = [read(message.attachment) for message in Message.objects.order_by("pk")]
    facts = [
        (str(calendar["method"]), str(event["uid"]), event["sequence"], str(event["status"]))
        for calendar, event in sent
    ]
    assert facts == [
        ("REQUEST", str(booked.uuid), 1, "CONFIRMED"),
        ("CANCEL", str(booked.uuid), 2, "CANCELLED"),
    ]
