from datetime import datetime
from zoneinfo import ZoneInfo

from operators.pathways.models import Pathway


def follows_or_received(pathway: Pathway, *, user_id: int) -> bool:
    """Whether a user follows the pathway or received the person; its advisers and sessions are loaded."""
    if pathway.adviser.user_id == user_id:
        return True
    return user_id in {session.adviser.user_id for session in pathway.sessions.all()}


def day_of_reason(pathway: Pathway, *, now: datetime):
    """The day for which a reason holds: local, of the site that follows the pathway."""
    return now.astimezone(ZoneInfo(pathway.adviser.site.zone)).date()
