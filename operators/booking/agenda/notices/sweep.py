"""What all reminders share, whatever the person is expected at (ADR 0012): whom, when, once.

They are left when due, for what then stands, by a sweep that can run any number of times. What the sweep
missed is counted as missing, never sent late.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import contact_choices, ways_to_write
from cep_portal.messaging.enums import MessageChannel, MessageKind
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import About, News, enqueue_news
from operators.booking.agenda import rules

FARTHEST = timedelta(days=4)  # no window opens sooner before the start, in any zone

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Expected:
    """A person expected at an hour of a site's clock."""

    about: About
    beneficiary: Beneficiary
    starts_at: datetime
    zone: str
    booked_at: datetime | None


@dataclass(frozen=True)
class Source:
    """A kind of thing people are expected at, and the news that remind of it.

    `expected(after, before)` gives those that start between two instants, both left out.
    """

    news: str
    expected: Callable[[datetime, datetime], Iterable[Expected]]


@dataclass(frozen=True)
class Reminder:
    """One reminder owed to one person by one channel, in a half-open window."""

    of: Expected
    channel: str
    recipient: str
    opens: datetime
    closes: datetime


def write_due(source: Source, *, now: datetime) -> int:
    """Write every reminder whose window is open and that was not written; returns how many.

    Each in a transaction of its own: one that cannot be written is logged and holds nobody up.
    """
    owed = _owed(source, now, now + FARTHEST)
    written = 0
    for reminder in _not_written([reminder for reminder in owed if reminder.opens <= now < reminder.closes]):
        try:
            _write(source, reminder, now=now)
            written += 1
        except Exception:
            logger.exception("reminder of %s not written", reminder.of.about)
    return written


def missing(source: Source, *, starts: datetime, ends: datetime) -> dict[str, int]:
    """By channel, the reminders whose window closed in [starts, ends) and that nobody wrote."""
    closed = [
        reminder for reminder in _owed(source, starts, ends + FARTHEST) if starts <= reminder.closes < ends
    ]
    counts = dict.fromkeys(MessageChannel.values, 0)
    for reminder in _not_written(closed):
        counts[reminder.channel] += 1
    return counts


def _owed(source: Source, after: datetime, before: datetime) -> Iterator[Reminder]:
    for expected in source.expected(after, before):
        yield from _reminders_of(expected)


def _reminders_of(expected: Expected) -> Iterator[Reminder]:
    """Each channel the person wants; who books on the day of a reminder gets the confirmation only.

    Nothing of a frozen file is used, so nothing is written from it (RGPD, article 18).
    """
    choices = contact_choices(expected.beneficiary)
    if not choices.reminders or expected.beneficiary.restricted_at is not None:
        return
    for channel, recipient in ways_to_write(expected.beneficiary, choices).items():
        opens, closes = rules.reminder_window(
            expected.starts_at, expected.zone, channel=channel, hours=choices.contact_hours
        )
        if rules.booked_before_day(expected.booked_at, opens, expected.zone):
            yield Reminder(expected, channel, recipient, opens, closes)


def _not_written(reminders: list[Reminder]) -> list[Reminder]:
    written = set(
        Message.objects.filter(
            kind=MessageKind.REMINDER, about_uuid__in={reminder.of.about.uuid for reminder in reminders}
        ).values_list("about_uuid", "channel")
    )
    return [reminder for reminder in reminders if (reminder.of.about.uuid, reminder.channel) not in written]


@transaction.atomic
def _write(source: Source, reminder: Reminder, *, now: datetime) -> Message:
    expected = reminder.of
    return enqueue_news(
        key=f"reminder-{expected.about.uuid}-{reminder.channel}",
        channel=reminder.channel,
        recipient=reminder.recipient,
        news=News(source.news, expected.about.uuid),
        kind=MessageKind.REMINDER,
        person_key=str(expected.beneficiary.uuid),
        about=expected.about,
        due_at=reminder.opens,
        lifetime=reminder.closes - reminder.opens,
        now=now,
    )
