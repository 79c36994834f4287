from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q

from cep_portal.messaging import tasks
from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message

DEFAULT_LIFETIME = timedelta(days=2)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=30)
HANDED_FOR = timedelta(minutes=1)
BATCH = 1000


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    text: str


@transaction.atomic
def enqueue_message(
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    now: datetime,
    due_at: datetime | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
    attachment: Attachment | None = None,
) -> Message:
    """Write a message in the caller's transaction; it is sent after commit, at the earliest at `due_at`.

    A second call with the same key returns the first message: nobody is written to twice for one act.
    Past `due_at + lifetime` it is never sent. A broker that is down does not fail the caller: the sweep
    finds the row.
    """
    due = due_at or now
    message, created = Message.objects.get_or_create(
        key=key,
        defaults={
            "recipient": recipient,
            "subject": subject,
            "body": body,
            "created_at": now,
            "due_at": due,
            "expires_at": due + lifetime,
            "attachment_name": attachment.name if attachment else "",
            "attachment_type": attachment.media_type if attachment else "",
            "attachment": attachment.text if attachment else "",
        },
    )
    if created and due <= now:
        transaction.on_commit(lambda: tasks.send_message.delay(message_id=message.pk), robust=True)
    return message


@transaction.atomic
def cancel_message(*, key: str) -> bool:
    """Withdraw a message not sent yet, as the reminder of a cancelled appointment; False when too late."""
    due = Message.objects.select_for_update(of=("self",)).filter(key=key, state=MessageState.DUE)
    return bool(due.update(state=MessageState.CANCELLED))


def send_message(*, message_id: int, now: datetime) -> None:
    """Send one due message; expired ones are marked, never sent late. Safe to run twice.

    The row is locked while the mail server answers, so two workers cannot send it together. A failure is
    written on the row and tried again by the sweep after a pause that doubles, until the message expires;
    an address that the server refuses for good is not tried again.
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
        else:
            _try(message, now=now)


def _try(message: Message, *, now: datetime) -> None:
    message.attempts += 1
    try:
        _email(message).send()
    except (OSError, ValueError) as failure:
        message.last_error = str(failure)[:300]
        if _is_final(failure):
            message.state = MessageState.FAILED
        message.retry_at = now + min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    else:
        message.state, message.sent_at, message.last_error = MessageState.SENT, now, ""
    message.save(update_fields=["attempts", "state", "sent_at", "last_error", "retry_at"])


def _is_final(failure: Exception) -> bool:
    """A message that cannot be written, or an address refused with a 5xx: trying again changes nothing."""
    if isinstance(failure, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in failure.recipients.values())
    return isinstance(failure, ValueError)


def _email(message: Message) -> EmailMessage:
    email = EmailMessage(subject=message.subject, body=message.body, to=[message.recipient])
    if message.attachment_name:
        email.attach(message.attachment_name, message.attachment, message.attachment_type)
    return email


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
        tasks.send_message.delay(message_id=message_id)
    return len(handed)
