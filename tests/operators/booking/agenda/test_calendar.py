from datetime import UTC, timedelta

import pytest
from django.core import mail
from icalendar import Calendar

from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda import services
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.wording.calendar import calendar_file
from tests.clock import moved
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW, at

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
    assert {"LOCATION", "DESCRIPTION", "URL"} & set(event) == set()
    for secret in (booked.site.name, booked.beneficiary.last_name, "Conseil", "évolution"):
        assert secret not in text


@pytest.mark.dated
def test_hours_carry_the_zone_of_the_site_rdvi_pr_3282():
    booked = AppointmentFactory(
        adviser__site=SiteFactory(reunion=True), starts_at=at("2026-11-30 09:00", "Indian/Reunion")
    )

    calendar, event = read(calendar_file(booked, method="REQUEST", now=NOW))

    start = event["dtstart"]
    assert start.params["TZID"] == "Indian/Reunion"
    assert f"{start.dt:%Y-%m-%d %H:%M}" == "2026-11-30 09:00"
    assert start.dt.astimezone(UTC) == moved("2026-11-30 06:00")
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
    compose_all()
    services.cancel_appointment(appointment=moved, by=CancelledBy.PERSON, now=NOW)
    compose_all()

    sent = [read(message.attachment) for message in Message.objects.order_by("pk")]
    facts = [
        (str(calendar["method"]), str(event["uid"]), event["sequence"], str(event["status"]))
        for calendar, event in sent
    ]
    assert facts == [
        ("REQUEST", str(booked.uuid), 1, "CONFIRMED"),
        ("CANCEL", str(booked.uuid), 2, "CANCELLED"),
    ]


def test_mail_names_its_own_mailbox_only_rfc_5546():
    """REQUEST and CANCEL need an organizer, an attendee, a sequence; PUBLISH forbids the attendee."""
    booked = AppointmentFactory(beneficiary__email="camille@exemple.example")

    for method in ("REQUEST", "CANCEL"):
        _, event = read(calendar_file(booked, method=method, now=NOW))
        assert {"ORGANIZER", "UID", "SEQUENCE", "DTSTAMP", "DTSTART"} <= set(event)
        assert str(event["attendee"]) == "mailto:camille@exemple.example"
        assert event["attendee"].params == {
            "CUTYPE": "INDIVIDUAL",
            "ROLE": "REQ-PARTICIPANT",
            "PARTSTAT": "ACCEPTED",
            "RSVP": "FALSE",
        }
    _, event = read(calendar_file(booked, method="PUBLISH", now=NOW))
    assert "ATTENDEE" not in event


def test_mail_says_the_method_in_the_type_of_the_part_rdv_sp_1354():
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser)
    services.cancel_appointment(appointment=booked, by=CancelledBy.OPERATOR, now=NOW)

    send_message(message_id=Message.objects.get().pk, now=NOW + timedelta(minutes=5))

    (part,) = mail.outbox[0].message().iter_attachments()
    assert (part.get_content_type(), part.get_param("method")) == ("text/calendar", "CANCEL")
    assert (part.get_filename(), part.get_content_charset()) == ("rendez-vous.ics", "utf-8")
    assert read(part.get_content())[1]["status"] == "CANCELLED"


def test_sequence_grows_over_several_moves_and_the_uid_stays_rdv_sp_3064():
    rule = OpeningRuleFactory()
    first = last = AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 10:15"))
    for hour in ("2026-11-30 09:00", "2026-12-07 09:00", "2026-12-07 10:15"):
        last = services.move_appointment(
            appointment=last, site=rule.site, starts_at=at(hour), level="ONE", mode="PHONE", now=NOW
        )
        compose_all()

    sent = [read(message.attachment)[1] for message in Message.objects.order_by("pk")]

    assert [(str(event["uid"]), event["sequence"]) for event in sent] == [
        (str(first.uuid), sequence) for sequence in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [
        ("Europe/Paris", {"+0100", "+0200"}),
        ("America/Miquelon", {"-0300", "-0200"}),
        ("America/Guadeloupe", {"-0400"}),
        ("America/Martinique", {"-0400"}),
        ("America/Cayenne", {"-0300"}),
        ("Indian/Reunion", {"+0400"}),
        ("Indian/Mayotte", {"+0300"}),
    ],
)
def test_zone_is_described_for_calendars_that_know_none(zone, offsets):
    """The VTIMEZONE alone gives the offset: an old Outlook overseas shows the right hour."""
    booked = AppointmentFactory(adviser__site=SiteFactory(zone=zone), starts_at=at("2026-11-30 09:00", zone))

    calendar, event = read(calendar_file(booked, method="REQUEST", now=NOW))

    (described,) = calendar.walk("VTIMEZONE")
    rules = [rule for rule in described.subcomponents if rule.name in ("STANDARD", "DAYLIGHT")]
    assert str(described["tzid"]) == zone == event["dtstart"].params["TZID"]
    assert {rule["tzoffsetto"].to_ical() for rule in rules} == offsets
