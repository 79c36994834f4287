"""Ten minutes to take back the last act, instead of a question before it: the offer follows its author."""

from datetime import datetime, timedelta

from django.http import HttpRequest

UNDO_WITHIN = timedelta(minutes=10)
KEY = "undo"


def offer_undo(request: HttpRequest, said: str, url: str, *, now: datetime) -> None:
    """Say what was done on each page, with a button that posts to `url`; the service judges the delay too."""
    request.session[KEY] = [said, url, (now + UNDO_WITHIN).timestamp()]


def forget_undo(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def undo_offered(request: HttpRequest, *, now: datetime) -> dict | None:
    """The last act that may still be taken back."""
    said, url, until = request.session.get(KEY, ("", "", 0))
    return {"said": said, "url": url} if until > now.timestamp() else None
