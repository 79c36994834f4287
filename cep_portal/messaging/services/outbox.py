from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction

from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.messaging import hooks
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.rules import gsm7, phones

DEFAULT_LIFETIME = timedelta(days=2)
UNSENT: dict = {
    "state": str(MessageState.DUE),
    "sent_at": None,
    "carrier": "",
    "carrier_id": "",
    "delivered_at": None,
    "bounced_at": None,
    "bounce_reason": "",
    "retry_at": None,
    "attempts": 0,
    "withdrawn": "",
    "last_error": "",
}


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    text: str


@dataclass(frozen=True)
class About:
    """What must still be true when the message is sent; `kind` has a check in messaging.hooks."""

    kind: str
    uuid: UUID
    version: int = 0


@transaction.atomic(savepoint=False)
def enqueue_message(
    *,
    key: str,
    recipient: str,
    body: str,
    now: datetime,
    subject: str = "",
    channel: str = MessageChannel.EMAIL,
    kind: str = MessageKind.ACT,
    person_key: str = "",
    about: About | None = None,
    due_at: datetime | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
    attachment: Attachment | None = None,
) -> Message:
    """Write a message in the caller's transaction; it is sent after commit, at the earliest at `due_at`.

    A second call with the same key returns the first message: nobody is written to twice for one act.
    Past `due_at + lifetime` it is never sent, nor when what it is `about` has changed, nor beyond the
    daily cap of its kind (PORTAL_DAILY_CAPS). A broker that is down does not fail the caller: the sweep
    finds the row. An SMS goes to a French mobile, in one part: ValueError otherwise.
    """
    if about and not hooks.is_checked(about.kind):
        raise ValueError(f"nobody can say whether it is still true: {about.kind}")
    if channel == MessageChannel.SMS:
        recipient, body = _checked_sms(recipient, body)
    due = due_at or now
    facts = {
        "key": key,
        "channel": str(channel),
        "kind": str(kind),
        "recipient": recipient,
        "person_key": person_key,
        "about_kind": about.kind if about else "",
        "about_uuid": about.uuid if about else None,
        "about_version": about.version if about else 0,
        "subject": subject,
        "body": body,
        "created_at": now,
        "due_at": due,
        "expires_at": due + lifetime,
        "attachment_name": attachment.name if attachment else "",
        "attachment_type": attachment.media_type if attachment else "",
        "attachment": attachment.text if attachment else "",
    }
    message = _insert(facts | UNSENT | {"uuid": uuid4()})
    if message is None:
        return Message.objects.get(key=key)
    if due <= now:
        later(TaskName.SEND_MESSAGE, message_id=message.pk)
    return message


def _insert(facts: dict) -> Message | None:
    """Write a message, or None when its key is known: one statement, where a savepoint needs three."""
    columns, values = ", ".join(facts), ", ".join(["%s"] * len(facts))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO messaging_message ({columns}) VALUES ({values})"  # noqa: S608 -- our own column names
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            list(facts.values()),
        )
        written = cursor.fetchone()
    if written is None:
        return None
    stored = {"id": written[0], **facts}
    names = [field.attname for field in Message._meta.concrete_fields]
    return Message.from_db(connection.alias, names, [stored[name] for name in names])


def enqueue_sms(*, key: str, number: str, text: str, now: datetime, **facts) -> Message:
    """An SMS, by the rules of `enqueue_message`; `number` as people type it."""
    return enqueue_message(key=key, recipient=number, body=text, now=now, channel=MessageChannel.SMS, **facts)


def _checked_sms(number: str, text: str) -> tuple[str, str]:
    """The number in E.164 and the text in the alphabet of SMS, or ValueError: one part, one mobile."""
    mobile, plain = phones.mobile(number), gsm7.transliterated(text)
    if mobile is None:
        raise ValueError("no SMS reaches this number")
    if not gsm7.is_gsm7(plain):
        raise ValueError("a sign of this text has no place in an SMS")
    if gsm7.septets(plain) > gsm7.ONE_PART:
        raise ValueError("this text needs two SMS")
    return mobile, plain
