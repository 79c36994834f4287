from django.conf import settings

from cep_portal.accounts.enums import Role
from cep_portal.messaging.enums import MessageKind


def can_read_messages(user) -> bool:
    """Administrators follow the outbox; in the demonstration every agent reads what was sent."""
    return user.role == Role.ADMINISTRATOR or (settings.PORTAL_DEMONSTRATION and user.role in Role.agents)


def can_read_texts() -> bool:
    """Texts hold sign-in codes and personal links: only the demonstration shows them, to anybody."""
    return settings.PORTAL_DEMONSTRATION


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
