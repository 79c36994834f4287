"""The day of an instant is a day of somewhere: of its zone, of Paris when it comes from the database."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cep_portal.common.wording import dates

LATE = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # the 24th in Paris


@pytest.mark.parametrize(
    ("formatter", "said"),
    [
        (dates.long_day, "mardi 24 novembre 2026"),
        (dates.short_day, "mar. 24 nov."),
        (dates.dated_day, "24 nov. 2026"),
        (dates.spoken_day, "24 novembre"),
        (dates.hour, "0\xa0h\xa030"),
    ],
)
def test_instant_in_utc_is_read_in_paris(formatter, said):
    assert formatter(LATE) == said


def test_instant_already_somewhere_stays_there():
    there = LATE.astimezone(ZoneInfo("America/Cayenne"))

    assert dates.long_day(there) == "lundi 23 novembre 2026"
    assert dates.hour(there) == "20\xa0h\xa030"


def test_day_alone_is_that_day():
    assert dates.long_day(date(2026, 11, 23)) == "lundi 23 novembre 2026"
