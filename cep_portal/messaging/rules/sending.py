import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import User
from cep_portal.common.days import PARIS, local_day
from cep_portal.messaging.enums import MessageChannel, MessageKind

MORNING = time(7)
CONTACT = re.compile(r"[^\s<>:;,]+@[^\s<>:;,]+|\+?\d[\d .-]{7,}\d")
FEW = 5  # refusals that say nothing yet
ENOUGH_TO_TELL = 20  # sent: with none delivered, the carrier is silent, or worse


def can_read_messages(user: User) -> bool:
    """Administrators follow the outbox; in the demonstration every agent reads what was sent."""
    return user.role == Role.ADMINISTRATOR or (settings.PORTAL_DEMONSTRATION and user.role in Role.agents)


def can_read_texts() -> bool:
    """Texts hold sign-in codes and personal links: only the demonstration shows them, to anybody."""
    return settings.PORTAL_DEMONSTRATION


def without_contacts(text: str) -> str:
    """What a server answered, without the addresses and the numbers that it may repeat."""
    return CONTACT.sub("…", text)


def cap_of(kind: str) -> int | None:
    """How many messages a person may get in 24 hours before one of this kind is held back; None: no cap.

    What nobody just asked for shares PORTAL_DAILY_CAPS["UNSOLICITED"], over both channels; the last one is
    kept for a reminder. Codes and confirmations have their own, far wider.
    """
    if kind in MessageKind.unsolicited:
        shared = settings.PORTAL_DAILY_CAPS["UNSOLICITED"]
        return shared if kind == MessageKind.REMINDER else shared - 1
    return settings.PORTAL_DAILY_CAPS.get(kind)


def counted_with(kind: str) -> tuple[str, ...]:
    """The kinds that fill the same cap."""
    return MessageKind.unsolicited if kind in MessageKind.unsolicited else (kind,)


def is_capped(kind: str, sent: int) -> bool:
    cap = cap_of(kind)
    return cap is not None and sent >= cap


def checked_window(now: datetime) -> tuple[date, datetime, datetime]:
    """The morning being checked, and its half-open day from 07:00 to 07:00 in Paris."""
    day = local_day(now)
    ends = datetime.combine(day, MORNING, ZoneInfo(PARIS))
    return day, datetime.combine(day - timedelta(days=1), MORNING, ZoneInfo(PARIS)), ends


def problems(lines: Iterable) -> list[str]:
    """What is wrong in the lines of a morning check, in sentences; nothing when all is well."""
    return [sentence for line in lines for sentence in _problems_of(line)]


def _problems_of(line: Any) -> Iterable[str]:
    what = f"{MessageKind(line.kind).label}, {MessageChannel(line.channel).label}"
    if line.missing:
        yield f"{what} : {line.missing} jamais écrits."
    if line.missed:
        yield f"{what} : {line.missed} périmés ou encore en attente, sur {line.due} dus."
    refused = line.failed + line.bounced
    if refused > FEW and refused * 100 > settings.PORTAL_ALARM_PERCENT * line.due:
        yield f"{what} : {refused} en échec ou refusés, sur {line.due} dus."
    if _is_told(line.channel) and line.sent >= ENOUGH_TO_TELL and not line.delivered + line.bounced:
        yield f"{what} : aucune remise confirmée, sur {line.sent} partis."


def _is_told(channel: str) -> bool:
    """Whether the carrier of this channel tells what becomes of messages."""
    told = settings.PORTAL_DELIVERY_SECRETS if channel == MessageChannel.SMS else settings.PORTAL_EMAIL_EVENTS
    return bool(told)
