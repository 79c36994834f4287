from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction

from cep_portal.messaging import tasks
from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message

DEFAULT_LIFETIME = timedelta(days=2)
MAX_ATTEMPTS = 8


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
        tasks.send_message.delay_on_commit(message_id=message.pk)
    return message


def send_message(*, message_id: int, now: datetime) -> None:
    """Send one due message; expired ones are marked, never sent late. Safe to run twice.

    The row is locked while the mail server answers, so two workers cannot send it together. A failure
    is written on the row and tried again by the sweep, up to MAX_ATTEMPTS; it never blocks another.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(pk=message_id, state=MessageState.DUE)
            .first()
        )
        if message is None:
            return
        if message.expires_at <= now:
            message.state = MessageState.EXPIRED
            message.save(update_fields=["state"])
            return
        _try(message, now=now)


def _try(message: Message, *, now: datetime) -> None:
    message.attempts += 1
    try:
        _email(message).send()
    except OSError as failure:
        message.last_error = str(failure)[:300]
        if message.attempts >= MAX_ATTEMPTS:
            message.state = MessageState.FAILED
    else:
        message.state, message.sent_at, message.last_error = MessageState.SENT, now, ""
    message.save(update_fields=["attempts", "state", "sent_at", "last_error"])


def _email(message: Message) -> EmailMessage:
    email = EmailMessage(
        subject=message.subject, body=message.body, to=[message.recipient]
    )
    if message.attachment_name:
        email.attach(
            message.attachment_name, message.attachment, message.attachment_type
        )
    return email


def send_due_messages(*, now: datetime) -> int:
    """Hand every due message to a task of its own; returns how many."""
    due = Message.objects.filter(state=MessageState.DUE, due_at__lte=now)
    ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:1000])
    for message_id in ids:
        tasks.send_message.delay(message_id=message_id)
    return len(ids)
