from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ASKED_WITHIN = timedelta(days=7)  # later than that, nobody remembers: the survey is « à chaud »
BATCH = 500


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(ZoneInfo(zone)).date()
