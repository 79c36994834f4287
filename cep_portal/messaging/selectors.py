from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.accounts.selectors import agent_addresses
from cep_portal.messaging import rules
from cep_portal.messaging.enums import MessageChannel, MessageState, Withdrawn
from cep_portal.messaging.models import DeliveryDay, Message

LATE_AFTER = timedelta(minutes=10)
CAP_WINDOW = timedelta(days=1)
CHECK_GRACE = timedelta(hours=1)  # after 07:00: the check runs at half past


@dataclass(frozen=True)
class OutboxState:
    """Messages by what became of them; `waiting` are for later, `late` are among those due."""

    waiting: int
    due: int
    late: int
    sent: int
    expired: int
    failed: int
    cancelled: int


def is_agent(*, user: User, on: date) -> bool:
    """Whether the person holds, on this day, a mandate of an agent: such people sign in by password."""
    return user.mandates.active(on).filter(role__in=Role.agents).exists()


def message_list(*, state: str = "", search: str = "", of_agents: bool = False) -> QuerySet[Message]:
    """The outbox, newest first, without the texts: a list never shows them.

    `of_agents`: an address is searched among those of agents alone; nobody steers by finding a person.
    """
    messages = Message.objects.defer("body", "attachment")
    if state:
        messages = messages.filter(state=state)
    if search:
        written_to = Q(recipient__icontains=search)
        if of_agents:
            written_to = Q(recipient__in=agent_addresses(like=search))
        messages = messages.filter(written_to | Q(subject__icontains=search))
    return messages.order_by("-created_at", "-pk")


def sent_in_a_day(*, kind: str, person_key: str, recipient: str, now: datetime) -> int:
    """What this person got in the last 24 hours that fills the same cap as `kind`, on all channels.

    A day of 24 hours has no time zone and no midnight to wait for.
    """
    whose = Q(person_key=person_key) if person_key else Q(recipient=recipient)
    sent = Message.objects.filter(whose, state=MessageState.SENT, sent_at__gt=now - CAP_WINDOW)
    return sent.filter(kind__in=rules.counted_with(kind)).count()


def was_written(*, at: datetime, person_key: str) -> bool:
    """Whether the act of this very instant left a message for somebody: before a page says « prévenue »."""
    left = Message.objects.filter(created_at=at, person_key=person_key)
    return left.exclude(state__in=MessageState.lost).exists()


def messages_by_key(*, keys: Collection[str]) -> dict[str, list[Message]]:
    """What became of the messages of some acts, e-mail first, without their texts; one query."""
    wanted = [variant for key in keys for variant in (key, f"{key}:sms")]
    written = Message.objects.defer("body", "attachment").filter(key__in=wanted).order_by("key")
    by_key: dict[str, list[Message]] = {key: [] for key in keys}
    for message in written:
        by_key[message.key.removesuffix(":sms")].append(message)
    return by_key


def may_write(*, kind: str, person_key: str, now: datetime) -> bool:
    """Whether one more message of this kind would leave now: to ask before an offer is made."""
    sent = sent_in_a_day(kind=kind, person_key=person_key, recipient="", now=now)
    return not rules.is_capped(kind, sent)


def outbox_state(*, now: datetime) -> OutboxState:
    """How the outbox does, in one query: read by the page, the service health and the alarm."""
    pending = Q(state=MessageState.DUE)
    return OutboxState(
        **Message.objects.aggregate(
            waiting=Count("pk", filter=pending & Q(due_at__gt=now)),
            due=Count("pk", filter=pending & Q(due_at__lte=now)),
            late=Count("pk", filter=pending & Q(due_at__lte=now - LATE_AFTER)),
            sent=Count("pk", filter=Q(state=MessageState.SENT)),
            expired=Count("pk", filter=Q(state=MessageState.EXPIRED)),
            failed=Count("pk", filter=Q(state=MessageState.FAILED)),
            cancelled=Count("pk", filter=Q(state=MessageState.CANCELLED)),
        )
    )


def day_counts(*, starts: datetime, ends: datetime) -> QuerySet:
    """By kind and channel, what became of the messages due in [starts, ends); one grouped query."""
    sent, bounced = Q(state=MessageState.SENT), Q(bounced_at__isnull=False)
    rang = Q(channel=MessageChannel.SMS, delivered_at__isnull=False)
    kept = Q(channel=MessageChannel.EMAIL, delivered_at__isnull=False, bounced_at__isnull=True)
    capped = Q(state=MessageState.CANCELLED, withdrawn=Withdrawn.CAPPED)
    counted = Message.objects.filter(due_at__gte=starts, due_at__lt=ends).filter(
        ~Q(state=MessageState.CANCELLED) | capped
    )
    return (
        counted.values("kind", "channel")
        .annotate(
            due=Count("pk"),
            sent=Count("pk", filter=sent),
            delivered=Count("pk", filter=sent & (rang | kept)),
            bounced=Count("pk", filter=sent & bounced & ~rang),
            failed=Count("pk", filter=Q(state=MessageState.FAILED)),
            missed=Count("pk", filter=Q(state__in=[MessageState.EXPIRED, MessageState.DUE])),
            capped=Count("pk", filter=capped),
        )
        .order_by("kind", "channel")
    )


def delivery_days(*, since: date) -> QuerySet[DeliveryDay]:
    """The lines of the morning checks from a day on, latest morning first."""
    return DeliveryDay.objects.filter(day__gte=since).order_by("-day", "kind", "channel")


def latest_lines() -> list[DeliveryDay]:
    """The lines of the last morning check; empty before the first one."""
    last = DeliveryDay.objects.order_by("-day").values("day")[:1]
    return list(DeliveryDay.objects.filter(day=last).order_by("kind", "channel"))


def outbox_trouble(*, now: datetime) -> str:
    """ "late" when a message has been due for ten minutes, "unchecked" when no check ran since yesterday's.

    Blank when all is well, and before the first check. Reads two indexes: a probe may ask every minute.
    """
    waiting = Message.objects.filter(state=MessageState.DUE, due_at__lte=now - LATE_AFTER, expires_at__gt=now)
    if waiting.exists():
        return "late"
    last = DeliveryDay.objects.aggregate(last=Max("day"))["last"]
    day, _, ends = rules.checked_window(now - CHECK_GRACE)
    return "unchecked" if last is not None and last < day and now >= ends + CHECK_GRACE else ""


def administrators(*, on: date) -> QuerySet[User]:
    active = Mandate.objects.active(on).filter(role=Role.ADMINISTRATOR)
    return User.objects.filter(is_active=True, pk__in=active.values("user")).order_by("pk")
