"""The adviser's day as a time line: what is booked, the holes to book or to block, the present."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from cep_portal.common.days import local, local_day
from cep_portal.common.phones import dialled
from cep_portal.common.wording.dates import hour
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.selectors import Slot, free_slots
from operators.booking.groups.selectors import adviser_sessions
from operators.casework.desk.presenters import booking_url
from operators.casework.pathways import hooks, presenters, selectors
from operators.casework.pathways.models import Pathway
from operators.network.models import Adviser

BETWEEN = timedelta(minutes=30)  # a break between two hours cuts no hole
HOURS_TO_BOOK = 3  # offered by one hole; its other hours are in the agenda


def day_of(*, adviser: Adviser, user: User, day: date, now: datetime) -> dict:
    """The entries of a day in order, and `lines`: the same with its free holes and the present hour."""
    appointments = list(selectors.day_appointments(adviser=adviser, user=user, on=day))
    meetings = adviser_sessions(advisers=[adviser], first_on=day, last_on=day, zone=adviser.site.zone)
    known = selectors.pathways_by_person(appointments=appointments)
    needed = hooks.preparations(hooks.Ahead(appointments, known, user))
    entries = [
        _entry(
            appointment,
            known.get((cast("int", appointment.beneficiary_id), appointment.site.contract_id)),
            needed=needed.get(appointment.pk, ()),
            home=adviser.site_id,
            now=now,
        )
        for appointment in appointments
    ]
    entries += [
        presenters.meeting_entry(session, zone=adviser.site.zone) | {"no_show_url": ""}
        for session in meetings
    ]
    entries.sort(key=lambda entry: entry["starts_at"])
    count = len(appointments)
    return {
        "label": f"{count} rendez-vous" if entries else "",
        "entries": entries,
        "lines": _lines(entries, _all_holes(adviser, day, now=now), adviser, day, now=now),
    }


def _entry(
    appointment: Appointment, pathway: Pathway | None, *, needed: Sequence[str], home: int, now: datetime
) -> dict:
    """A line of the day: the name opens the file, each act is one press."""
    entry = presenters.day_entry(appointment, pathway, needed=needed, home=home, now=now)
    person = cast("Beneficiary", appointment.beneficiary)  # booked: it has a person
    is_open = appointment.state == AppointmentState.BOOKED
    has_begun = is_open and appointment.starts_at <= now
    links = [link for link in entry["links"] if not link["url"].startswith("tel:")]
    if has_begun:
        links.insert(0, {"label": "Saisir", "url": reverse("operators:session_log", args=[appointment.uuid])})
    if is_open and person.phone:
        links.append({"label": "Appeler", "url": f"tel:{dialled(person.phone)}"})
    if pathway is not None:
        file_url = reverse("operators:pathway_detail", args=[pathway.uuid])
    else:
        file_url = reverse("operators:caller_detail", args=[person.uuid])
    no_show = reverse("operators:no_show", args=[appointment.uuid]) if has_begun else ""
    return entry | {"url": file_url, "links": links, "no_show_url": no_show}


def _all_holes(adviser: Adviser, day: date, *, now: datetime) -> list[dict]:
    """What is free, as the database says it: one query, two more for who is the second of a pair, none for a
    past day."""
    zone = ZoneInfo(adviser.site.zone)
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    if next_midnight <= now:
        return []
    search = partial(free_slots, contract=adviser.site.contract, starts=midnight, ends=next_midnight, now=now)
    holes = [_hole(hole, adviser, adviser) for hole in _side_by_side(search(adviser=adviser))]
    if not adviser.pair_sites:  # type: ignore[attr-defined]  # annotated by the selector
        return holes
    together: dict[int, list[Slot]] = {}
    for slot in search(sites=adviser.pair_sites):  # type: ignore[attr-defined]
        lead = slot.lead_for(adviser.pk)
        if lead not in {None, adviser.pk}:
            together.setdefault(cast("int", lead), []).append(slot)
    leads = selectors.advisers_by_key(keys=list(together))
    return holes + [
        _hole(hole, adviser, leads[lead]) for lead, slots in together.items() for hole in _side_by_side(slots)
    ]


def _side_by_side(slots: Sequence[Slot]) -> list[list[Slot]]:
    """Hours that follow one another, together."""
    holes: list[list[Slot]] = []
    for slot in slots:
        if holes and slot.starts_at - holes[-1][-1].ends_at < BETWEEN:
            holes[-1].append(slot)
        else:
            holes.append([slot])
    return holes


def _lines(
    entries: Sequence[dict], holes: Sequence[dict], adviser: Adviser, day: date, *, now: datetime
) -> list[dict]:
    lines = [entry | {"kind": "entry"} for entry in entries]
    lines += holes
    zone = adviser.site.zone
    if lines and day == local_day(now, zone):
        lines.append({"kind": "now", "title": hour(local(now, zone)), "starts_at": now})
    return sorted(lines, key=lambda line: (line["starts_at"], line["kind"] != "now"))


def _hole(hole: Sequence[Slot], adviser: Adviser, lead: Adviser) -> dict:
    """A hole of an adviser, booked under the name of who leads."""
    zone = adviser.site.zone
    starts, ends = local(hole[0].starts_at, zone), local(max(slot.ends_at for slot in hole), zone)
    hours, free_from = [], hole[0].starts_at
    for slot in hole:
        if slot.starts_at >= free_from:
            hours.append(slot.starts_at)
            free_from = slot.ends_at
    block = {"du": starts.date().isoformat(), "de": f"{starts:%H:%M}", "a": f"{ends:%H:%M}"}
    return {
        "kind": "free",
        "starts_at": hole[0].starts_at,
        "start": hour(starts),
        "end": hour(ends),
        "hours": [
            {"label": hour(local(first, zone)), "url": booking_url(lead, first)}
            for first in hours[:HOURS_TO_BOOK]
        ],
        "beside": "" if lead == adviser else lead.user.full_name,
        "block_url": reverse("operators:absence_list", query=block),
    }
