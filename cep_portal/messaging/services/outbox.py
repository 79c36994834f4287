from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from cep_portal.common import phones
from cep_portal.common.compiled import prepared
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.messaging import hooks
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState
from cep_portal.messaging.hooks import About, Attachment, News, Words
from cep_portal.messaging.models import Message
from cep_portal.messaging.rules import gsm7

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


@transaction.atomic(savepoint=False)
def enqueue_news(
    *,
    key: str,
    recipient: str,
    news: News,
    now: datetime,
    channel: str = MessageChannel.EMAIL,
    kind: str = MessageKind.ACT,
    person_key: str = "",
    about: About | None = None,
    due_at: datetime | None = None,
    lifetime: timedelta = DEFAULT_LIFETIME,
) -> Message:
    """Write in the caller's transaction what happened and to whom; the worker writes the words and sends.

    By the rules of `enqueue_message`, except that no word exists yet: news that no composer answers to are
    refused (ValueError), and so is a number that no SMS reaches.
    """
    if not hooks.is_composed(news.name):
        raise ValueError(f"nobody can write the words of: {news.name}")
    columns: dict[str, Any] = {
        "key": key,
        "channel": str(channel),
        "kind": str(kind),
        "recipient": _mobile(recipient) if channel == MessageChannel.SMS else recipient,
        "person_key": person_key,
        "news": news.name,
        "news_uuid": news.uuid,
        "facts": dict(news.facts),
        **words_columns(Words("")),
    }
    return _write(columns, about=about, due_at=due_at, lifetime=lifetime, now=now)


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
    """Write a message, words included, in the caller's transaction: for codes, alarms and digests, that no
    later act changes. It is sent after commit, at the earliest at `due_at`.

    A second call with the same key returns the first message: nobody is written to twice for one act.
    Past `due_at + lifetime` it is never sent, nor when what it is `about` has changed, nor beyond the
    daily cap of its kind (PORTAL_DAILY_CAPS). A broker that is down does not fail the caller: the sweep
    finds the row. An SMS goes to a French mobile, in one part: ValueError otherwise.
    """
    if channel == MessageChannel.SMS:
        recipient, body = _mobile(recipient), checked_sms(body)
    columns: dict[str, Any] = {
        "key": key,
        "channel": str(channel),
        "kind": str(kind),
        "recipient": recipient,
        "person_key": person_key,
        "news": "",
        "news_uuid": None,
        "facts": {},
        **words_columns(Words(body, subject, attachment)),
    }
    return _write(columns, about=about, due_at=due_at, lifetime=lifetime, now=now)


def _write(
    columns: dict[str, Any],
    *,
    about: About | None,
    due_at: datetime | None,
    lifetime: timedelta,
    now: datetime,
) -> Message:
    if about and not hooks.is_checked(about.kind):
        raise ValueError(f"nobody can say whether it is still true: {about.kind}")
    due = due_at or now
    columns |= {
        "about_kind": about.kind if about else "",
        "about_uuid": about.uuid if about else None,
        "about_version": about.version if about else 0,
        "created_at": now,
        "due_at": due,
        "expires_at": due + lifetime,
    }
    message = _insert(columns | UNSENT | {"uuid": uuid4()})
    if message is None:
        return Message.objects.get(key=columns["key"])
    if due <= now:
        later(TaskName.SEND_MESSAGE, message_id=message.pk)
    return message


def _insert(stored: dict[str, Any]) -> Message | None:
    """Write a message, or None when its key is known: one statement, where a savepoint needs three."""
    columns, marks = ", ".join(stored), ", ".join(["%s"] * len(stored))
    values: list[Any] = list((stored | {"facts": Jsonb(stored["facts"])}).values())
    with prepared() as cursor:
        cursor.execute(
            f"INSERT INTO messaging_message ({columns}) VALUES ({marks})"  # noqa: S608 -- our own column names
            " ON CONFLICT (key) DO NOTHING RETURNING id",
            values,
        )
        written = cursor.fetchone()
    if written is None:
        return None
    stored = {"id": written[0], **stored}
    names = [field.attname for field in Message._meta.concrete_fields]
    return Message.from_db(connection.alias, names, [stored[name] for name in names])


def enqueue_sms(*, key: str, number: str, text: str, now: datetime, **facts: Any) -> Message:
    """An SMS, by the rules of `enqueue_message`; `number` as people type it."""
    return enqueue_message(key=key, recipient=number, body=text, now=now, channel=MessageChannel.SMS, **facts)


def words_columns(words: Words) -> dict[str, str]:
    """What a message keeps of words, by column."""
    file = words.attachment or Attachment("", "", "")
    return {
        "subject": words.subject,
        "body": words.body,
        "attachment_name": file.name,
        "attachment_type": file.media_type,
        "attachment": file.text,
    }


def _mobile(number: str) -> str:
    mobile = phones.mobile(number)
    if mobile is None:
        raise ValueError("no SMS reaches this number")
    return mobile


def checked_sms(text: str) -> str:
    """The text in the alphabet of SMS, in one part, or ValueError."""
    plain = gsm7.transliterated(text)
    if not gsm7.is_gsm7(plain):
        raise ValueError("a sign of this text has no place in an SMS")
    if gsm7.septets(plain) > gsm7.ONE_PART:
        raise ValueError("this text needs two SMS")
    return plain
