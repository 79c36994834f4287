"""Reminders: two days before by e-mail, the day before by SMS, at an hour the person chose (ADR 0012).

They are written when due, from the agenda as it then is, by a sweep that can run any number of times:
the appointment is the only source. What the sweep missed is counted as missing, never sent late.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from beneficiaries.request.contact import ContactChoices, contact_choices, ways_to_write
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import About, enqueue_message
from operators.agenda import links, rules, texts
from operators.agenda.enums import AppointmentState
from operators.agenda.models import Appointment
from operators.agenda.wording import minutes, subject_of

COMING, CANCELLED = "appointment.coming", "appointment.cancelled"
FARTHEST = timedelta(days=4)  # no window opens sooner before the start, in any zone

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reminder:
    """One reminder owed to one person by one channel, in a half-open window."""

    appointment: Appointment
    choices: ContactChoices
    channel: str
    recipient: str
    opens: datetime
    closes: datetime


def is_coming(*, uuid: UUID, version: int, now: datetime) -> bool:
    """Whether the appointment stands as it was written about: neither moved, cancelled nor begun."""
    standing = Appointment.objects.filter(
        uuid=uuid, state=AppointmentState.BOOKED, calendar_sequence=version, period__startswith__gt=now
    )
    return standing.exists()


def is_cancelled(*, uuid: UUID, version: int, now: datetime) -> bool:  # noqa: ARG001 -- a check's signature
    """Whether a cancellation still stands: undone in time, the person hears neither of them."""
    return Appointment.objects.filter(
        uuid=uuid, state=AppointmentState.CANCELLED, calendar_sequence=version
    ).exists()


def write_due_reminders(*, now: datetime) -> int:
    """Write every reminder whose window is open and that was not written; returns how many.

    Each in a transaction of its own: one that cannot be written is logged and holds nobody up.
    """
    owed = (
        one
        for one in _owed(Q(period__startswith__gt=now, period__startswith__lt=now + FARTHEST))
        if one.opens <= now < one.closes
    )
    written = 0
    for reminder in _not_written(list(owed)):
        try:
            _write(reminder, now=now)
            written += 1
        except Exception:
            logger.exception("reminder of appointment %s not written", reminder.appointment.uuid)
    return written


def missing_reminders(*, starts: datetime, ends: datetime) -> dict[str, int]:
    """By channel, the reminders whose window closed in [starts, ends) and that nobody wrote."""
    near = Q(period__startswith__gt=starts, period__startswith__lt=ends + FARTHEST)
    closed = [one for one in _owed(near) if starts <= one.closes < ends]
    missing = dict.fromkeys(MessageChannel.values, 0)
    for reminder in _not_written(closed):
        missing[reminder.channel] += 1
    return missing


def _owed(near: Q) -> Iterator[Reminder]:
    booked = Appointment.objects.filter(near, state=AppointmentState.BOOKED, beneficiary__isnull=False)
    booked = booked.select_related("site__commune", "beneficiary__contact_preferences").order_by(
        "period", "pk"
    )
    for appointment in booked:
        yield from _reminders_of(appointment)


def _reminders_of(appointment: Appointment) -> Iterator[Reminder]:
    """Each channel the person wants; who books on the day of a reminder gets the confirmation only."""
    if appointment.beneficiary is None:
        return
    choices = contact_choices(appointment.beneficiary)
    if not choices.reminders:
        return
    for channel, recipient in ways_to_write(appointment.beneficiary, choices).items():
        opens, closes = rules.reminder_window(
            appointment.starts_at, appointment.site.zone, channel=channel, hours=choices.contact_hours
        )
        if rules.booked_before_day(appointment.booked_at, opens, appointment.site.zone):
            yield Reminder(appointment, choices, channel, recipient, opens, closes)


def _not_written(reminders: list[Reminder]) -> list[Reminder]:
    written = set(
        Message.objects.filter(
            kind=MessageKind.REMINDER,
            about_kind=COMING,
            about_uuid__in={one.appointment.uuid for one in reminders},
        ).values_list("about_uuid", "channel")
    )
    return [one for one in reminders if (one.appointment.uuid, one.channel) not in written]


@transaction.atomic
def _write(reminder: Reminder, *, now: datetime) -> Message:
    appointment = reminder.appointment
    by_sms = reminder.channel == MessageChannel.SMS
    return enqueue_message(
        key=f"reminder-{appointment.uuid}-{reminder.channel}",
        channel=reminder.channel,
        recipient=reminder.recipient,
        subject="" if by_sms else subject_of(appointment),
        body=texts.reminder(appointment, discreet=reminder.choices.discreet)
        if by_sms
        else _body(appointment),
        kind=MessageKind.REMINDER,
        person_key=str(appointment.beneficiary.uuid) if appointment.beneficiary else "",
        about=About(COMING, appointment.uuid, appointment.calendar_sequence),
        due_at=reminder.opens,
        lifetime=reminder.closes - reminder.opens,
        now=now,
    )


def _body(appointment: Appointment) -> str:
    return render_to_string(
        "operators/agenda/mail/reminder.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "link": links.appointment_link(appointment),
        },
    )
