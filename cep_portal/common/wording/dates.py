"""Days, months, hours and instants as a French reader expects them; no data reads "—"."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from cep_portal.common.days import PARIS, local
from cep_portal.common.wording.typography import NO_BREAK_SPACE, NO_DATA

type Absent = Literal[""] | None

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
ZONE_LABELS = {
    PARIS: "heure de Paris",
    "America/Guadeloupe": "heure de la Guadeloupe",
    "America/Martinique": "heure de la Martinique",
    "America/Cayenne": "heure de la Guyane",
    "America/Miquelon": "heure de Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "heure de Saint-Barthélemy",
    "America/Marigot": "heure de Saint-Martin",
    "Indian/Reunion": "heure de La Réunion",
    "Indian/Mayotte": "heure de Mayotte",
}


def day_number(day: date) -> str:
    """« 1er », « 2 », « 31 »."""
    return "1er" if day.day == 1 else str(day.day)


def in_paris(value: date) -> date:
    """A datetime as the database gives it, in UTC, is read in Paris: a day of UTC is nobody's day."""
    return local(value, PARIS) if isinstance(value, datetime) and value.tzname() == "UTC" else value


def hour(value: time | datetime | Absent) -> str:
    """18 h 30, 9 h: the hour of a datetime is that of its zone, of Paris when it is in UTC."""
    if value is None or value == "":
        return NO_DATA
    if isinstance(value, datetime) and value.tzname() == "UTC":
        value = local(value, PARIS)
    minutes = f"{NO_BREAK_SPACE}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NO_BREAK_SPACE}h{minutes}"


def spoken_day(value: date) -> str:
    """24 novembre; the day of a datetime in its zone, in Paris when it is in UTC."""
    value = in_paris(value)
    return f"{day_number(value)} {MONTHS[value.month - 1]}"


def long_day(value: date | Absent) -> str:
    """mardi 24 novembre 2026; the day of a datetime in its zone, in Paris when it is in UTC."""
    if value is None or value == "":
        return NO_DATA
    value = in_paris(value)
    return f"{DAYS[value.weekday()]} {spoken_day(value)} {value.year}"


def short_day(value: date | Absent) -> str:
    """mar. 24 nov."""
    if value is None or value == "":
        return NO_DATA
    value = in_paris(value)
    return f"{DAYS[value.weekday()][:3]}. {day_number(value)} {SHORT_MONTHS[value.month - 1]}"


def dated_day(value: date | Absent) -> str:
    """1er janv. 2024: a bare date, where the year may be another one."""
    if value is None or value == "":
        return NO_DATA
    value = in_paris(value)
    return f"{day_number(value)} {SHORT_MONTHS[value.month - 1]} {value.year}"


def typed_day(value: date) -> str:
    """05/12/2026: as one types a day, in the fields of forms alone."""
    return f"{in_paris(value):%d/%m/%Y}"


def long_month(value: date | None) -> str:
    """novembre 2026."""
    return NO_DATA if value is None else f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date | None) -> str:
    """nov. 2026."""
    return NO_DATA if value is None else f"{SHORT_MONTHS[value.month - 1]} {value.year}"


def long_instant(value: datetime | Absent, zone: str | None = None) -> str:
    """mardi 24 novembre 2026 à 18 h 30, then « (heure de La Réunion) » out of the zone of Paris."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone or PARIS)
    return f"{long_day(moment)} à {hour(moment)}{zone_note(zone)}"


def short_instant(value: datetime | Absent, zone: str | None = None, *, on: date | None = None) -> str:
    """mar. 24 nov. 18 h 30 (La Réunion): the zone if not Paris, the year if not that of `on`."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone or PARIS)
    year = f" {moment.year}" if on and moment.year != on.year else ""
    return f"{short_day(moment)}{year} {hour(moment)}{_place_note(zone)}"


def zone_label(zone: str) -> str:
    """« heure de La Réunion » for Indian/Reunion."""
    return ZONE_LABELS.get(zone, zone)


def zone_note(zone: str | None) -> str:
    """« (heure de La Réunion) », to follow an hour with its space; nothing in the zone of Paris."""
    return f" ({zone_label(zone)})" if zone and zone != PARIS else ""


def _place_note(zone: str | None) -> str:
    """« (La Réunion) »: the same, as short as a desk needs."""
    return zone_note(zone).replace("heure de la ", "").replace("heure de ", "")


def dated_instant(value: datetime | Absent, zone: str | None = None) -> str:
    """mar. 24 nov. 2026 18 h 30: on paper, that is read in another year."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone or PARIS)
    return f"{short_day(moment)} {moment.year} {hour(moment)}{_place_note(zone)}"


def dated_start(value: datetime, zone: str | None = None) -> str:
    """The start of a period: a day alone when it begins at midnight."""
    moment = local(value, zone or PARIS)
    return f"{short_day(moment)} {moment.year}" if moment.time() == time.min else dated_instant(value, zone)


def dated_end(value: datetime, zone: str | None = None) -> str:
    """The end of a half-open period: its last day, included, when it ends at midnight."""
    moment = local(value, zone or PARIS)
    if moment.time() != time.min:
        return dated_instant(value, zone)
    last = moment - timedelta(days=1)
    return f"{short_day(last)} {last.year} inclus"
