"""Reminders of appointments: two days before by e-mail, the day before by SMS (ADR 0012).

The appointment is the only source: what the person chose and what was booked are read when they are due.
"""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string

from beneficiaries.request.services.contact import contact_choices
from beneficiaries.request.wording import reference_line
from cep_portal.messaging.enums import MessageChannel
from cep_portal.messaging.hooks import Told, Window
from cep_portal.messaging.services import About, Letter, Words
from operators.booking.agenda import links, rules
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.notices import sweep
from operators.booking.agenda.notices.sweep import Expected, Source
from operators.booking.agenda.wording import minutes, sms, subject_of

COMING, CANCELLED = "appointment.coming", "appointment.cancelled"


def appointment_told(letter: Letter) -> Appointment | None:
    """The appointment that an act told of, with all that a message says; None once changed, or nobody's."""
    told = Appointment.objects.select_related(
        "site__commune", "beneficiary__contact_preferences", "service_request"
    )
    return told.filter(
        uuid=letter.news.uuid, calendar_sequence=letter.version, beneficiary__isnull=False
    ).first()


def is_coming(told: Told) -> bool:
    """Whether the appointment stands as it was written about: neither moved, cancelled nor begun.

    Of a frozen file nothing is announced any more.
    """
    standing = Appointment.objects.to_come(told.now).filter(
        uuid=told.uuid,
        calendar_sequence=told.version,
        beneficiary__restricted_at__isnull=True,
        beneficiary__erased_at__isnull=True,
    )
    return standing.exists()


def is_cancelled(told: Told) -> bool:
    """Whether a cancellation still stands: undone in time, the person hears neither of them."""
    return Appointment.objects.filter(
        uuid=told.uuid, state=AppointmentState.CANCELLED, calendar_sequence=told.version
    ).exists()


def write_due_reminders(*, now: datetime) -> int:
    """Write the reminders of appointments whose hour has come; returns how many."""
    return sweep.write_due(APPOINTMENTS, now=now)


def missing_reminders(window: Window) -> dict[str, int]:
    """By channel, the reminders of appointments owed in a window and that nobody wrote."""
    return sweep.missing(APPOINTMENTS, starts=window.starts, ends=window.ends)


def _expected(after: datetime, before: datetime) -> Iterator[Expected]:
    booked = Appointment.objects.to_come(after).filter(period__startswith__lt=before)
    booked = booked.select_related("site", "beneficiary__contact_preferences")
    for appointment in booked.order_by("period", "pk"):
        if appointment.beneficiary is not None:
            about = About(COMING, appointment.uuid, appointment.calendar_sequence)
            yield Expected(
                about,
                appointment.beneficiary,
                appointment.starts_at,
                appointment.site.zone,
                appointment.booked_at,
            )


def reminder_words(letter: Letter) -> Words | None:
    appointment = appointment_told(letter)
    if appointment is None or appointment.beneficiary is None:
        return None
    if letter.channel == MessageChannel.SMS:
        discreet = contact_choices(appointment.beneficiary).discreet
        return Words(sms.reminder(appointment, discreet=discreet))
    return Words(_body(appointment, letter), subject_of(appointment))


def _body(appointment: Appointment, letter: Letter) -> str:
    return render_to_string(
        "operators/booking/agenda/mail/reminder.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "can_change": rules.can_change(appointment, now=letter.now),
            "asked": reference_line(appointment.service_request),
            "link": links.appointment_link(appointment),
        },
    )


APPOINTMENTS = Source("appointment.reminder", _expected)
