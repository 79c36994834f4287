from datetime import datetime
from zoneinfo import ZoneInfo

from operators.casework.pathways.models import Pathway


def day_of_reason(pathway: Pathway, *, now: datetime):
    """The day for which a reason holds: local, of the site that follows the pathway."""
    return now.astimezone(ZoneInfo(pathway.adviser.site.zone)).date()
