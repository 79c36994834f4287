from datetime import datetime
from typing import Any

from cep_portal.common.days import local_day
from operators.casework.pathways.models import Pathway


def day_of_reason(pathway: Pathway, *, now: datetime) -> Any:
    """The day for which a reason holds: local, of the site that follows the pathway."""
    return local_day(now, pathway.adviser.site.zone)
