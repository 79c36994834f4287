"""Why somebody who does not follow a person reads: asked once, kept a few hours in the session."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from operators.notes import rules, selectors
from operators.pathways.models import Pathway

KEY = "note_reasons"


def keep(request: HttpRequest, pathway: Pathway, reason: str, *, now: datetime) -> None:
    until = now + timedelta(hours=rules.REASON_HOURS)
    known = request.session.get(KEY, {})
    live = {uuid: one for uuid, one in known.items() if one["until"] > now.timestamp()}
    request.session[KEY] = {**live, str(pathway.uuid): {"reason": reason, "until": until.timestamp()}}


def said(request: HttpRequest, pathway: Pathway, *, now: datetime) -> str:
    known = request.session.get(KEY, {}).get(str(pathway.uuid))
    return known["reason"] if known and known["until"] > now.timestamp() else ""


def may_read(request: HttpRequest, pathway: Pathway, *, now: datetime) -> tuple[bool, str]:
    """Whether the notes may be shown now, and the reason to write in the journal."""
    if not rules.must_say_why(request.user, selectors.followers(pathway)):
        return True, ""
    reason = said(request, pathway, now=now)
    return bool(reason), reason
