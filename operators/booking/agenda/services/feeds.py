import secrets
from datetime import datetime

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from operators.booking.agenda.models import CalendarFeed
from operators.booking.agenda.selectors.feeds import hashed
from operators.network.models import Adviser

TOKEN_BYTES = 32


@transaction.atomic
def renew_calendar_feed(*, adviser: Adviser, by: User, now: datetime) -> str:
    """Give the adviser a new private address and return its secret, which nobody can read again.

    The former address stops at once.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        adviser=adviser, defaults={"token_hash": hashed(token), "created_at": now}
    )
    record(action="operators.calendar_feed.renewed", target=adviser, by=by, now=now)
    return token


@transaction.atomic
def end_calendar_feed(*, adviser: Adviser, by: User, now: datetime) -> None:
    """Close the adviser's private address."""
    deleted, _ = CalendarFeed.objects.filter(adviser=adviser).delete()
    if deleted:
        record(action="operators.calendar_feed.ended", target=adviser, by=by, now=now)
