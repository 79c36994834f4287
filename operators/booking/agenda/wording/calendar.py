"""The appointment as a calendar file: neutral words, nothing that names the service, a place if wanted."""

from datetime import datetime
from email.utils import parseaddr
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from cep_portal.common.place import marked
from operators.booking.agenda.wording.time_zones import time_zone
from operators.network.enums import Mode

SUMMARY = "Rendez-vous"


def media_type(method: str) -> str:
    """Outlook reads the method in the type of the part; without it, it adds instead of updating."""
    return f"text/calendar; method={method}"


def event_uid(appointment: Any) -> str:
    """The uuid of the first booking of a chain of moves: calendars then update instead of adding."""
    first = appointment
    while first.moved_from_id is not None:
        first = first.moved_from
    return str(first.uuid)


def calendar_file(
    appointment: Any, *, method: str, now: datetime, mailbox: str = "", with_place: bool = False
) -> str:
    """An iCalendar text with the site's zone and its VTIMEZONE (RFC 5545, RFC 5546).

    REQUEST and CANCEL go to one mailbox, the person's when none is given, and RFC 5546 wants an attendee
    there: that address, nothing more.
    PUBLISH is the file to download: no attendee, as the RFC says. `with_place`: the person wants the
    address there; others may read a calendar, so it is left out unless asked.
    """
    zone = ZoneInfo(appointment.site.zone)
    event = Event()
    event.add("uid", event_uid(appointment))
    event.add("sequence", appointment.calendar_sequence)
    event.add("dtstamp", now)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", marked(SUMMARY))
    if with_place and (location := _location(appointment)):
        event.add("location", location)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event.add("organizer", _organizer(settings.DEFAULT_FROM_EMAIL))
    if appointment.beneficiary is not None:
        mailbox = mailbox or appointment.beneficiary.email
    if method != "PUBLISH" and mailbox:
        event.add("attendee", _attendee(mailbox))
    start, end = _envelope(method)
    zone_text = _zone_text(appointment.site.zone, appointment.starts_at.year)
    return start + zone_text + event.to_ical().decode() + end


@cache
def _envelope(method: str) -> tuple[str, str]:
    """What stands before and after the components of every file of a method."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rendez-vous//FR")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    start, end, rest = calendar.to_ical().decode().partition("END:VCALENDAR")
    return start, end + rest


@cache
def _organizer(sender: str) -> vCalAddress:
    return vCalAddress(f"mailto:{parseaddr(sender)[1]}")


@cache
def _zone_text(zone: str, year: int) -> str:
    """The VTIMEZONE of a zone: a few years around this one are enough, and keep the mail small."""
    return time_zone(zone, year - 1, year + 1).to_ical().decode()


def _location(appointment: Any) -> str:
    """Where to go, for a calendar that draws the way; nothing for who is called or seen from afar."""
    if appointment.mode != Mode.ON_SITE:
        return ""
    site = appointment.site
    return f"{site.name}, {site.full_address}"


def _attendee(address: str) -> vCalAddress:
    """Already said yes: no calendar asks to answer a mailbox that nobody reads."""
    attendee = vCalAddress(f"mailto:{address}")
    attendee.params.update(
        {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    )
    return attendee
