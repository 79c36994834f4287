from datetime import datetime, timedelta
from email.message import MIMEPart
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q

from cep_portal.common.later import later
from cep_portal.common.place import marked, marked_name
from cep_portal.common.task_names import TaskName
from cep_portal.messaging import hooks, rules, selectors
from cep_portal.messaging.enums import MessageChannel, MessageState, Withdrawn
from cep_portal.messaging.gateways import sms
from cep_portal.messaging.models import Message
from cep_portal.messaging.services.composing import NotComposed, Void, compose

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
HANDED_FOR = timedelta(minutes=1)
BATCH = 1000
FAILURES = (OSError, ValueError, sms.SmsRefused, AnymailAPIError, AnymailRecipientsRefused, NotComposed)


def send_message(*, message_id: int, now: datetime) -> None:
    """Send one due message; expired ones are marked, never sent late. Safe to run twice.

    The row is locked while the server answers, so two workers cannot send it together. Whether it is
    still true and within the daily cap is read here, at the last moment, and its words are written here
    when the act left news. A failure, of a composer or of a server, is written on the row and tried again
    by the sweep after a pause that doubles, until the message expires; an address that the server refuses
    for good is not tried again.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=message_id, state=MessageState.DUE, due_at__lte=now)
            .first()
        )
        if message is None:
            return
        if message.expires_at <= now:
            message.state = MessageState.EXPIRED
            message.save(update_fields=["state"])
        elif reason := _withdrawn(message, now=now):
            message.state, message.withdrawn = MessageState.CANCELLED, reason
            message.save(update_fields=["state", "withdrawn"])
        else:
            _try(message, now=now)


def _withdrawn(message: Message, *, now: datetime) -> str:
    """Why this message shall not leave, or nothing."""
    if not _is_true(message, now=now):
        return Withdrawn.NO_LONGER_TRUE
    if rules.cap_of(message.kind) is None:
        return ""
    # Two messages to one person are counted one after the other.
    with connection.cursor() as cursor:
        person = message.person_key or message.recipient
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [person])
    sent = selectors.sent_in_a_day(
        kind=message.kind, person_key=message.person_key, recipient=message.recipient, now=now
    )
    return Withdrawn.CAPPED if rules.is_capped(message.kind, sent) else ""


def _is_true(message: Message, *, now: datetime) -> bool:
    return message.about_uuid is None or hooks.still_true(
        about_kind=message.about_kind, uuid=message.about_uuid, version=message.about_version, now=now
    )


def _try(message: Message, *, now: datetime) -> None:
    message.attempts += 1
    fields = ["attempts", "state", "sent_at", "last_error", "retry_at", "carrier", "carrier_id", "withdrawn"]
    try:
        fields += _compose(message, now=now)
        message.carrier, message.carrier_id = _hand_over(message)
    except Void as void:
        message.state, message.withdrawn = MessageState.CANCELLED, void.reason
    except FAILURES as failure:
        message.last_error = str(failure)[:300]
        if _is_final(failure):
            message.state = MessageState.FAILED
        message.retry_at = now + min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    else:
        message.state, message.sent_at, message.last_error = MessageState.SENT, now, ""
    message.save(update_fields=fields)


def _compose(message: Message, *, now: datetime) -> list[str]:
    """Write the words that are missing; returns the columns filled, none when they were there.

    Void when an act came while they were written: words of two states say neither.
    """
    filled = compose(message, now=now)
    if filled and not _is_true(message, now=now):
        raise Void(Withdrawn.NO_LONGER_TRUE)
    return filled


def _hand_over(message: Message) -> tuple[str, str]:
    """Who carries it and under which id of theirs; both blank for a mail server, which tells nothing."""
    if message.channel == MessageChannel.SMS:
        if not sms.is_available():
            raise OSError("no SMS provider is set")
        carrier = sms.provider()
        given = carrier.send(number=message.recipient, text=marked(message.body), reference=str(message.uuid))
        return carrier.name, given
    email = _email(message)
    email.send()
    status = getattr(email, "anymail_status", None)
    return ("", "") if status is None else ("courriel", str(status.message_id or "")[:200])


def _is_final(failure: Exception) -> bool:
    """A message that cannot be written, or an address refused with a 5xx: trying again changes nothing."""
    if isinstance(failure, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in failure.recipients.values())
    return isinstance(failure, (ValueError, sms.SmsRefused, AnymailRecipientsRefused))


def _email(message: Message) -> EmailMessage:
    email = EmailMessage(subject=marked(message.subject), body=marked(message.body), to=[message.recipient])
    if message.attachment_name and ";" in message.attachment_type:
        email.attach(_part_with_parameters(message))
    elif message.attachment_name:
        email.attach(marked_name(message.attachment_name), message.attachment, message.attachment_type)
    return email


def _part_with_parameters(message: Message) -> MIMEPart:
    """A calendar says its method in the type of its part: Outlook looks nowhere else (RDV-SP 1354)."""
    media_type, parameter = message.attachment_type.split("; ", 1)
    name, value = parameter.split("=", 1)
    part = MIMEPart()
    part.set_content(
        message.attachment,
        subtype=media_type.removeprefix("text/"),
        disposition="attachment",
        filename=marked_name(message.attachment_name),
        params={name: value},
    )
    return part


@transaction.atomic
def note_delivery(
    *,
    delivered: bool,
    now: datetime,
    reference: UUID | None = None,
    carrier_id: str = "",
    reason: str = "",
) -> bool:
    """Write what the carrier says became of a message; False when it is none of ours.

    Each fact is written once and stays: the same call twice, or two calls in the wrong order, leave the
    same row. A delivery told before we knew that the message left (a worker killed at that instant) makes
    it sent: it is not sent a second time.
    """
    if reference is None and not carrier_id:
        return False
    whose = {"uuid": reference} if reference else {"carrier_id": carrier_id}
    message = Message.objects.select_for_update(of=("self",)).filter(**whose).order_by("-pk").first()
    if message is None:
        return False
    if delivered and message.delivered_at is None:
        message.delivered_at = now
    elif not delivered and message.bounced_at is None:
        message.bounced_at, message.bounce_reason = now, reason[:100]
    if delivered and message.state == MessageState.DUE:
        message.state, message.sent_at = MessageState.SENT, now
    message.save(update_fields=["delivered_at", "bounced_at", "bounce_reason", "state", "sent_at"])
    return True


def send_due_messages(*, now: datetime) -> int:
    """Hand every message due to a task of its own, and mark those that expired; returns how many were handed.

    A handed message rests a minute before it is handed again: a late queue does not fill with doubles.
    """
    with transaction.atomic():
        pending = Message.objects.select_for_update(of=("self",), skip_locked=True)
        pending = pending.filter(state=MessageState.DUE, due_at__lte=now)
        expired = list(pending.filter(expires_at__lte=now).values_list("pk", flat=True))
        Message.objects.filter(pk__in=expired).update(state=MessageState.EXPIRED)
        ready = pending.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now), expires_at__gt=now)
        handed = list(ready.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
        Message.objects.filter(pk__in=handed).update(retry_at=now + HANDED_FOR)
    for message_id in handed:
        later(TaskName.SEND_MESSAGE, message_id=message_id)
    return len(handed)
