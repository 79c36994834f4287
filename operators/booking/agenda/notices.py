"""What the person is told, in the transaction of the act; no subject names the service."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.template.loader import render_to_string

from beneficiaries.request.services.contact import contact_choices, reads_mail, send_to_person
from cep_portal.messaging.enums import MessageKind, MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import About, Attachment
from operators.booking.agenda import calendar, links, rules, texts
from operators.booking.agenda.enums import CancelledBy, ReplacementState
from operators.booking.agenda.models import Appointment, Replacement
from operators.booking.agenda.reminders import CANCELLED, COMING
from operators.booking.agenda.selectors import Slot
from operators.booking.agenda.wording import minutes, subject_of

__all__ = ["minutes", "tell_booked", "tell_cancelled", "tell_moved"]


def tell_booked(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="booked", method="REQUEST", about=COMING, now=now)


def tell_moved(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="moved", method="REQUEST", about=COMING, now=now)


def tell_cancelled(appointment: Appointment, *, now: datetime) -> None:
    """After a short delay: a cancellation undone at once is never heard of (RDV-SP 2538)."""
    later = now + timedelta(minutes=settings.PORTAL_UNDO_MINUTES)
    _tell(appointment, act="cancelled", method="CANCEL", about=CANCELLED, now=now, due_at=later)


def tell_changed(appointment: Appointment, *, now: datetime) -> None:
    """Another mode, the same hour."""
    _tell(appointment, act="changed", method="REQUEST", about=COMING, now=now)


def tell_restored(appointment: Appointment, *, now: datetime) -> None:
    """A cancellation undone in time is never heard of; a booking nobody could yet hear of is told."""
    if not Message.objects.filter(about_uuid=appointment.uuid, state=MessageState.SENT).exists():
        tell_booked(appointment, now=now)


def tell_replaced(replacement: Replacement, *, slots: Sequence[Slot], now: datetime) -> None:
    """The one message of an adviser away or a site closed: what is proposed, until when, how to answer."""
    appointment = replacement.appointment
    if appointment.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    is_kept = replacement.state == ReplacementState.COLLEAGUE
    body = render_to_string(
        "operators/booking/agenda/mail/replaced.txt",
        {
            "replacement": replacement,
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "is_kept": is_kept,
            "slots": slots,
            "link": (link := links.replacement_link(appointment)),
        },
    )
    method = "REQUEST" if is_kept else "CANCEL"
    send_to_person(
        beneficiary=appointment.beneficiary,
        key=f"replacement-{replacement.uuid}",
        kind=MessageKind.ACT,
        subject=subject_of(appointment),
        body=body,
        sms_text=texts.replaced(
            appointment, is_kept=is_kept, link="" if reads_mail(appointment.beneficiary) else link
        ),
        about=About(COMING if is_kept else CANCELLED, appointment.uuid, appointment.calendar_sequence),
        now=now,
        attachment=Attachment(
            "rendez-vous.ics",
            calendar.media_type(method),
            calendar.calendar_file(appointment, method=method, now=now),
        ),
    )


def _tell(
    appointment: Appointment,
    *,
    act: str,
    method: str,
    about: str,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Each message says a state of the appointment; when a later act has changed it, only the last leaves."""
    if appointment.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    link = links.appointment_link(appointment)
    body = render_to_string(
        f"operators/booking/agenda/mail/{act}.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "link": link,
            "by_operator": appointment.cancelled_by == CancelledBy.OPERATOR,
        },
    )
    send_to_person(
        beneficiary=appointment.beneficiary,
        key=f"appointment-{act}-{appointment.uuid}-{appointment.calendar_sequence}",
        kind=MessageKind.ACT,
        subject=subject_of(appointment),
        body=body,
        sms_text=_sms(appointment, act=act, link=link),
        about=About(about, appointment.uuid, appointment.calendar_sequence),
        due_at=due_at,
        now=now,
        attachment=Attachment(
            "rendez-vous.ics",
            calendar.media_type(method),
            calendar.calendar_file(appointment, method=method, now=now),
        ),
    )


def _sms(appointment: Appointment, *, act: str, link: str) -> str:
    """For who reads no e-mail from us; and for all when the service cancels: they may be on their way."""
    if appointment.beneficiary is None:
        return ""
    choices = contact_choices(appointment.beneficiary)
    if act == "cancelled":
        by_operator = appointment.cancelled_by == CancelledBy.OPERATOR
        return texts.cancelled(appointment) if by_operator or not choices.by_email else ""
    if reads_mail(appointment.beneficiary):
        return ""
    words = {"booked": texts.booked, "moved": texts.moved, "changed": texts.changed}[act]
    return words(appointment, link=link, discreet=choices.discreet)
