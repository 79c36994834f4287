"""What the agenda adds to the apps below: a request's page, the personal space, a person's rights."""

from datetime import datetime
from typing import cast

from django.urls import reverse

from beneficiaries.request.enums import RequestState
from beneficiaries.request.hooks import FACTS, NEXT_STEPS, Fact, NextStep, ReadRequest
from beneficiaries.request.selectors import request_in_force
from beneficiaries.rights.hooks import ACTIVITIES, RELEASES
from beneficiaries.space.hooks import PAGES, PANELS, OpenSpace, Page
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.wording.dates import long_instant
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, OWED, Check, Owed
from operators.booking.agenda import notices, person_file, rules, selectors
from operators.booking.agenda.enums import AppointmentState, CancelledBy
from operators.booking.agenda.hooks import own_meetings
from operators.booking.agenda.links import appointment_path, sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.notices import reminders
from operators.booking.agenda.presenters.slot_search import SlotSearch
from operators.booking.agenda.wording import minutes
from operators.menus import ADVISER, FOLLOW_UP, INTAKE, MANAGER, OWN_HOURS
from operators.network.hooks import NEXT_SLOTS, NextSlot, ReadSites

HEADINGS = {
    RequestState.REGISTERED: "Il reste à choisir votre rendez-vous",
    RequestState.SCHEDULED: "L’heure de votre rendez-vous est passée",
}


def booking_step(read: ReadRequest) -> NextStep | None:
    """See the coming appointment, else choose a slot; who only has the reference learns no date."""
    coming = selectors.coming_of_request(service_request=read.service_request, now=read.now)
    if coming is None:
        return NextStep(
            label="Choisir un créneau",
            url=reverse("operators:slot_list", args=[read.service_request.reference]),
            description="Choisissez le jour et l’heure, sur place, par téléphone ou en visio.",
            heading=HEADINGS.get(RequestState(read.service_request.state), ""),
        )
    if not read.is_holder:
        return None
    return NextStep(
        label="Voir mon rendez-vous",
        url=appointment_path(coming),
        description="Le revoir, le déplacer ou l’annuler.",
    )


def appointment_facts(read: ReadRequest) -> list[Fact]:
    """Each booking, move, cancellation and session of a request; nothing for who only has the reference."""
    if not read.is_holder:
        return []
    booked = selectors.bookings_of_request(service_request=read.service_request)
    return [fact for appointment in booked for fact in _story(appointment)]


def _story(appointment: Appointment) -> list[Fact]:
    when = long_instant(appointment.starts_at, appointment.site.zone)
    verb = "pris" if appointment.moved_from_id is None else "déplacé"
    facts = [Fact(appointment.booked_at, f"Rendez-vous {verb} : {when}.")] if appointment.booked_at else []
    if appointment.state == AppointmentState.CANCELLED and not hasattr(appointment, "moved_to"):
        by = "par vous" if appointment.cancelled_by == CancelledBy.PERSON else "par le service"
        facts.append(Fact(cast("datetime", appointment.cancelled_at), f"Rendez-vous annulé {by} : {when}."))
    elif appointment.state == AppointmentState.ATTENDED:
        facts.append(Fact(appointment.starts_at, "Vous avez rencontré un conseiller."))
    elif appointment.state == AppointmentState.NO_SHOW:
        facts.append(
            Fact(appointment.starts_at, "Ce rendez-vous n’a pas eu lieu. Vous pouvez en choisir un autre.")
        )
    return facts


def book_next(space: OpenSpace) -> dict:
    """Where the person books the next one, their adviser's hours first; nothing for a frozen file."""
    person = space.beneficiary
    if person.restricted_at is not None or person.erased_at is not None:
        return {"book_url": "", "with_known": False}
    asked = request_in_force(beneficiary=person, now=space.now)
    if asked is None:
        return {"book_url": reverse("beneficiaries:start"), "with_known": False}
    is_known = selectors.known_adviser(person) is not None
    own = SlotSearch(own_adviser=True).url() if is_known else ""
    return {"book_url": reverse("operators:slot_list", args=[asked.reference]) + own, "with_known": is_known}


def book_panel(space: OpenSpace) -> dict | None:
    """« Prendre rendez-vous », while none is coming."""
    if selectors.next_appointment(beneficiary=space.beneficiary, now=space.now) is not None:
        return None
    panel = book_next(space)
    return panel if panel["book_url"] else None


def next_appointment_panel(space: OpenSpace) -> dict | None:
    """« Mon prochain rendez-vous »; hidden when there is none."""
    coming = selectors.next_appointment(beneficiary=space.beneficiary, now=space.now)
    if coming is None:
        return None
    return {
        **book_next(space),
        "appointment": coming,
        "site": coming.site,
        "minutes": minutes(coming),
        "limit": rules.change_limit(coming.starts_at),
        "can_change": rules.can_change(coming, now=space.now),
        "url": appointment_path(coming),
        "move_url": reverse("operators:appointment_move", args=[sign(coming.uuid)]),
        "cancel_url": reverse("operators:appointment_cancel", args=[sign(coming.uuid)]),
    }


def appointments_page(space: OpenSpace) -> dict:
    """« Mes rendez-vous »: those to come, soonest first, then those over or cancelled, latest first."""
    coming, past = selectors.appointments_of(beneficiary=space.beneficiary, now=space.now)
    return {
        **book_next(space),
        "coming": [
            {
                "appointment": appointment,
                "minutes": minutes(appointment),
                "limit": rules.change_limit(appointment.starts_at),
                "can_change": rules.can_change(appointment, now=space.now),
                "url": appointment_path(appointment),
            }
            for appointment in coming
        ],
        "past": past,
        "meetings": own_meetings(space),
    }


def next_slots_of_sites(read: ReadSites) -> dict[int, NextSlot]:
    """« Prochain rendez-vous possible », as the list of places says it; one query."""
    found = selectors.next_of_sites(sites=read.sites, now=read.now)
    return {site: NextSlot(*slot) for site, slot in found.items()}


def contribute() -> None:
    NEXT_SLOTS.add(next_slots_of_sites)
    MENU.add(
        Entry("Mes ouvertures", "operators:opening_list", ADVISER, order=40, group=OWN_HOURS),
        Entry("Mes absences", "operators:absence_list", ADVISER, order=42, group=OWN_HOURS),
        Entry("Mon agenda ailleurs", "operators:feed_manage", ADVISER, order=44, group=OWN_HOURS),
        Entry("Remplacements", "operators:replacement_list", INTAKE, order=52),
        Entry("Remplacements", "operators:replacement_list", ADVISER | MANAGER, order=50, group=FOLLOW_UP),
    )
    OWED.add(Owed(MessageKind.REMINDER, reminders.missing_reminders))
    COMPOSERS.add(*notices.COMPOSERS)
    CHECKS.add(
        Check(reminders.COMING, reminders.is_coming), Check(reminders.CANCELLED, reminders.is_cancelled)
    )
    NEXT_STEPS.add(booking_step, order=10)
    FACTS.add(appointment_facts)
    RELEASES.add(person_file.cancel_coming, order=30)
    ACTIVITIES.add(person_file.had_appointment_since)
    template = "operators/booking/agenda/panels/next_appointment.html"
    PANELS.add(PagePart("Mon prochain rendez-vous", template, next_appointment_panel), order=10)
    template = "operators/booking/agenda/panels/book_next.html"
    PANELS.add(PagePart("Prendre rendez-vous", template, book_panel), order=12)
    PAGES.add(
        Page(
            slug="rendez-vous",
            title="Mes rendez-vous",
            data=appointments_page,
            template="operators/booking/agenda/panels/appointments.html",
        ),
        order=10,
    )
