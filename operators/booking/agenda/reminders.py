"""Reminders of appointments: two days before by e-mail, the day before by SMS (ADR 0012).

The appointment is the only source: what the person chose and what was booked are read when they are due.
"""

from collections.abc import Iterator
from datetime import datetime

from django.template.loader import render_to_string

from cep_portal.messaging.hooks import Told, Window
from cep_portal.messaging.services import About
from operators.booking.agenda import links, reminding, rules, texts
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.reminding import Expected, Source
from operators.booking.agenda.wording import minutes, subject_of

COMING, CANCELLED = "appointment.coming", "appointment.cancelled"


def is_coming(told: Told) -> bool:
    """Whether the appointment stands as it was written about: neither moved, cancelled nor begun.

    Of a frozen file nothing is announced any more.
    """
    standing = Appointment.objects.filter(
        uuid=told.uuid,
        state=AppointmentState.BOOKED,
        calendar_sequence=told.version,
        period__startswith__gt=told.now,
        beneficiary__restricted_at__isnull=True,
    )
    return standing.exists()


def is_cancelled(told: Told) -> bool:
    """Whether a cancellation still stands: undone in time, the person hears neither of them."""
    return Appointment.objects.filter(
        uuid=told.uuid, state=AppointmentState.CANCELLED, calendar_sequence=told.version
    ).exists()


def write_due_reminders(*, now: datetime) -> int:
    """Write the reminders of appointments whose hour has come; returns how many."""
    return reminding.write_due(APPOINTMENTS, now=now)


def missing_reminders(window: Window) -> dict[str, int]:
    """By channel, the reminders of appointments owed in a window and that nobody wrote."""
    return reminding.missing(APPOINTMENTS, starts=window.starts, ends=window.ends)


def _expected(after: datetime, before: datetime) -> Iterator[Expected[Appointment]]:
    booked = Appointment.objects.filter(
        period__startswith__gt=after, period__startswith__lt=before, state=AppointmentState.BOOKED
    ).select_related("site__commune", "beneficiary__contact_preferences")
    for one in booked.order_by("period", "pk"):
        if one.beneficiary is not None:
            about = About(COMING, one.uuid, one.calendar_sequence)
            yield Expected(one, about, one.beneficiary, one.starts_at, one.site.zone, one.booked_at)


def _body(appointment: Appointment) -> str:
    return render_to_string(
        "operators/booking/agenda/mail/reminder.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "link": links.appointment_link(appointment),
        },
    )


APPOINTMENTS = Source(expected=_expected, subject=subject_of, mail=_body, sms=texts.reminder)
