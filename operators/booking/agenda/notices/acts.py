"""What the person is told of an appointment: left in the transaction of the act, in words at its sending.

No subject names the service.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.template.loader import render_to_string

from beneficiaries.request.services.contact import contact_choices, reads_mail, tell_person
from beneficiaries.request.wording import reference_line
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState
from cep_portal.messaging.hooks import Composer
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import About, Attachment, Letter, News, Words
from operators.booking.agenda import links, rules
from operators.booking.agenda.enums import CancelledBy, ReplacementState
from operators.booking.agenda.models import Appointment, Replacement
from operators.booking.agenda.notices.reminders import (
    APPOINTMENTS,
    CANCELLED,
    COMING,
    appointment_told,
    reminder_words,
)
from operators.booking.agenda.selectors import Slot
from operators.booking.agenda.wording import calendar, minutes, sms, subject_of


def tell_booked(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="booked", about=COMING, now=now)


def tell_moved(appointment: Appointment, *, now: datetime) -> None:
    _tell(appointment, act="moved", about=COMING, now=now)


def tell_cancelled(appointment: Appointment, *, now: datetime) -> None:
    """After a short delay: a cancellation undone at once is never heard of (RDV-SP 2538)."""
    later = now + timedelta(minutes=settings.PORTAL_UNDO_MINUTES)
    _tell(appointment, act="cancelled", about=CANCELLED, now=now, due_at=later)


def tell_changed(appointment: Appointment, *, now: datetime) -> None:
    """Another mode, the same hour."""
    _tell(appointment, act="changed", about=COMING, now=now)


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
    tell_person(
        beneficiary=appointment.beneficiary,
        key=replacement.message_key,
        kind=MessageKind.ACT,
        news=News(
            "appointment.replaced",
            replacement.uuid,
            # What was proposed then: an answer given meanwhile changes the replacement, not the proposal.
            {"is_kept": is_kept, "slots": [[slot.starts_at.isoformat(), slot.zone] for slot in slots]},
        ),
        with_sms=True,
        about=About(COMING if is_kept else CANCELLED, appointment.uuid, appointment.calendar_sequence),
        now=now,
    )


def _tell(
    appointment: Appointment, *, act: str, about: str, now: datetime, due_at: datetime | None = None
) -> None:
    """Each message says a state of the appointment; when a later act has changed it, only the last leaves."""
    if appointment.beneficiary is None:
        raise ValueError("a booked appointment has a person")
    tell_person(
        beneficiary=appointment.beneficiary,
        key=appointment.message_key(act),
        kind=MessageKind.ACT,
        news=News(f"appointment.{act}", appointment.uuid),
        with_sms=_rings(appointment, act),
        about=About(about, appointment.uuid, appointment.calendar_sequence),
        due_at=due_at,
        now=now,
    )


def _rings(appointment: Appointment, act: str) -> bool:
    """An SMS to who reads no e-mail of ours; to all when the service cancels: they may be on their way."""
    if appointment.beneficiary is None:
        return False
    if act == "cancelled":
        by_operator = appointment.cancelled_by == CancelledBy.OPERATOR
        return by_operator or not contact_choices(appointment.beneficiary).by_email
    return not reads_mail(appointment.beneficiary)


def _words(letter: Letter, *, act: str, method: str) -> Words | None:
    appointment = appointment_told(letter)
    if appointment is None:
        return None
    link = links.appointment_link(appointment)
    if letter.channel == MessageChannel.SMS:
        return Words(_sms(appointment, act=act, link=link))
    body = render_to_string(
        f"operators/booking/agenda/mail/{act}.txt",
        {
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "limit": rules.change_limit(appointment.starts_at),
            "can_change": rules.can_change(appointment, now=letter.now),
            "link": link,
            "by_operator": appointment.cancelled_by == CancelledBy.OPERATOR,
            "asked": reference_line(appointment.service_request),
        },
    )
    return Words(body, subject_of(appointment), _file(appointment, method, letter))


def _sms(appointment: Appointment, *, act: str, link: str) -> str:
    if act == "cancelled" or appointment.beneficiary is None:
        return sms.cancelled(appointment)
    words = {"booked": sms.booked, "moved": sms.moved, "changed": sms.changed}[act]
    return words(appointment, link=link, discreet=contact_choices(appointment.beneficiary).discreet)


def _replaced_words(letter: Letter) -> Words | None:
    told = Replacement.objects.select_related(
        "appointment__site__commune",
        "appointment__beneficiary__contact_preferences",
        "appointment__service_request",
    )
    replacement = told.filter(uuid=letter.news.uuid, appointment__calendar_sequence=letter.version).first()
    if replacement is None or replacement.appointment.beneficiary is None:
        return None
    appointment, is_kept = replacement.appointment, letter.news.facts["is_kept"]
    link = links.replacement_link(appointment)
    if letter.channel == MessageChannel.SMS:
        only_key = "" if reads_mail(replacement.appointment.beneficiary) else link
        return Words(sms.replaced(appointment, is_kept=is_kept, link=only_key))
    body = render_to_string(
        "operators/booking/agenda/mail/replaced.txt",
        {
            "replacement": replacement,
            "appointment": appointment,
            "site": appointment.site,
            "minutes": minutes(appointment),
            "is_kept": is_kept,
            "slots": [
                {"starts_at": datetime.fromisoformat(starts_at), "zone": zone}
                for starts_at, zone in letter.news.facts["slots"]
            ],
            "link": link,
            "is_awaited": letter.now < replacement.answer_by,
            "asked": reference_line(appointment.service_request),
        },
    )
    file = _file(appointment, "REQUEST" if is_kept else "CANCEL", letter)
    return Words(body, subject_of(appointment), file)


def _file(appointment: Appointment, method: str, letter: Letter) -> Attachment:
    """The event for the mailbox written to, dated of the act; with its place for who wants it there."""
    person = appointment.beneficiary
    text = calendar.calendar_file(
        appointment,
        method=method,
        now=letter.written_at,
        mailbox=letter.recipient,
        with_place=person is not None and not contact_choices(person).discreet,
    )
    return Attachment("rendez-vous.ics", calendar.media_type(method), text)


METHODS = {"booked": "REQUEST", "moved": "REQUEST", "changed": "REQUEST", "cancelled": "CANCEL"}
COMPOSERS = (
    *(Composer(f"appointment.{act}", partial(_words, act=act, method=METHODS[act])) for act in METHODS),
    Composer("appointment.replaced", _replaced_words),
    Composer(APPOINTMENTS.news, reminder_words),
)
