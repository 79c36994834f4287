from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from icalendar import Calendar

from beneficiaries.request.models import ContactPreferences
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda import services
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.wording.calendar import calendar_file
from operators.booking.agenda.wording.time_zones import time_zone
from tests.clock import moved
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.road import page_of

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


FRENCH_ZONES = [
    "Europe/Paris",
    "America/Guadeloupe",
    "America/Martinique",
    "America/Cayenne",
    "America/Miquelon",
    "America/St_Barthelemy",
    "America/Marigot",
    "Indian/Reunion",
    "Indian/Mayotte",
]


def test_zone_is_named_by_the_file():
    zone = "America/Miquelon"
    booked = AppointmentFactory(adviser__site=SiteFactory(zone=zone), starts_at=at("2026-11-30 09:00", zone))

    calendar, event = read(calendar_file(booked, method="REQUEST", now=NOW))

    (described,) = calendar.walk("VTIMEZONE")
    assert str(described["tzid"]) == zone == event["dtstart"].params["TZID"]


def onsets(described):
    """What a reader of RFC 5545 makes of a VTIMEZONE: from which instant (UTC) which offset."""
    known = {}
    for rule in described.subcomponents:
        before, after = rule["tzoffsetfrom"].td, rule["tzoffsetto"].td
        dates = [rule["dtstart"].dt]
        if "rdate" in rule:
            dates += [day.dt for day in rule["rdate"].dts]
        for wall in dates:
            known[(wall - before).replace(tzinfo=UTC)] = (before, after, rule.name)
    return dict(sorted(known.items()))


@pytest.mark.parametrize("zone", FRENCH_ZONES)
def test_every_onset_is_a_change_of_the_clocks_of_that_zone(zone):
    """DTSTART and RDATE count in the offset before: icalendar's own put summer time an hour late."""
    there = ZoneInfo(zone)
    described = Calendar.from_ical(
        f"BEGIN:VCALENDAR\r\n{time_zone(zone, 2026, 2027).to_ical().decode()}END:VCALENDAR\r\n"
    ).walk("VTIMEZONE")[0]

    for instant, (before, after, name) in onsets(described).items():
        just_before, then = (instant - timedelta(seconds=1)).astimezone(there), instant.astimezone(there)
        assert (just_before.utcoffset(), then.utcoffset()) == (before, after)
        assert (just_before.utcoffset(), just_before.dst()) != (then.utcoffset(), then.dst())
        assert (name == "DAYLIGHT") is bool(then.dst())


@pytest.mark.parametrize("zone", FRENCH_ZONES)
def test_zone_alone_gives_the_offset_of_each_hour_of_two_years(zone):
    """An old Outlook overseas shows the right hour, the night when the clocks change too."""
    known = onsets(time_zone(zone, 2026, 2027))
    instant, there = datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo(zone)

    wrong = []
    while instant < datetime(2028, 1, 1, tzinfo=UTC):
        offset = [after for onset, (_, after, _) in known.items() if onset <= instant][-1]
        if offset != instant.astimezone(there).utcoffset():
            wrong.append(instant)
        instant += timedelta(hours=1)

    assert wrong == []


@pytest.mark.parametrize(
    ("mode", "wants_place", "said"),
    [("ON_SITE", True, True), ("ON_SITE", False, False), ("PHONE", True, False)],
)
def test_address_is_there_for_who_wants_it_on_site(mode, wants_place, said):
    booked = AppointmentFactory(mode=mode)

    _, event = read(calendar_file(booked, method="PUBLISH", now=NOW, with_place=wants_place))

    site = booked.site
    expected = f"{site.name}, {site.full_address}" if said else None
    assert event.get("location") == expected


@pytest.mark.parametrize("discreet", [True, False])
def test_file_in_the_message_follows_the_choice_of_discretion(discreet):
    rule = OpeningRuleFactory()
    booked = AppointmentFactory(adviser=rule.adviser, mode="ON_SITE")
    ContactPreferences.objects.create(beneficiary=booked.beneficiary, discreet=discreet, changed_at=NOW)

    services.cancel_appointment(appointment=booked, by=CancelledBy.OPERATOR, now=NOW)
    compose_all()

    message = Message.objects.get(channel="EMAIL")
    assert ("LOCATION" in read(message.attachment)[1]) is not discreet


@pytest.mark.usefixtures("present")
def test_page_offers_the_discreet_file_first_and_the_address_for_who_asks(client):
    booked = AppointmentFactory(mode="ON_SITE")

    page = client.get(page_of(booked)).text
    discreet = client.get(page_of(booked, "appointment_calendar")).text
    with_place = client.get(page_of(booked, "appointment_calendar") + "?adresse=oui").text

    assert "Ajouter avec l’adresse" in page
    assert "LOCATION" not in discreet
    assert str(read(with_place)[1]["location"]).startswith(booked.site.name)
