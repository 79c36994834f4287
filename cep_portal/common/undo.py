"""Ten minutes to take back the last act, instead of a question before it: the offer follows its author.

The button sends the opposite act to its own view, which judges it as any other: no address of its own.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest

UNDO_WITHIN = timedelta(minutes=10)
KEY = "undo_offered"
SENT = "annule"  # the field that tells the button from the same act done for itself


def offer_undo(
    request: HttpRequest, said: str, url: str, *, now: datetime, fields: Mapping[str, Any] | None = None
) -> None:
    """Say what was done on each page, with a button that posts `fields` to `url`.

    Days and hours are sent as forms read them. The service that answers judges the delay, when one binds it.
    """
    sent = {name: _typed(value) for name, value in (fields or {}).items()}
    until = (now + UNDO_WITHIN).timestamp()
    request.session[KEY] = {"said": said, "url": url, "fields": sent, "until": until}


def _typed(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            raise TypeError("an instant is sent as a local day and an hour")
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


def forget_undo(request: HttpRequest) -> None:
    """The button was pressed: whatever becomes of it, it is offered no more."""
    request.session.pop(KEY, None)


def is_undo(request: HttpRequest) -> bool:
    """Whether this act was sent by the button: what takes an act back is not itself taken back."""
    return SENT in request.POST


def undo_offered(request: HttpRequest, *, now: datetime) -> dict | None:
    """The last act that may still be taken back."""
    offered = request.session.get(KEY)
    return offered if offered and offered["until"] > now.timestamp() else None
