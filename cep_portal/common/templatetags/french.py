"""Figures and instants as a French reader expects them; no data reads "—"."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template

register = template.Library()

NO_DATA = "—"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
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
PLURAL_FROM = 2  # none and one are singular
FRENCH_NUMBER = re.compile(r"(?:(?:\+|00)(?:33|262|508|590|594|596)0?|0)([1-9]\d{8})")
PARIS = "Europe/Paris"
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


def of(name: str) -> str:
    """« de Rennes », « d’Amiens », « du Mans », « des Abymes », « de La Rochelle »."""
    for article, joined in (("Les ", "des "), ("Le ", "du ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    first = unicodedata.normalize("NFKD", name[:1].casefold())[:1]
    return f"d’{name}" if first in "aeiouhœæ" else f"de {name}"


def _decimal(value):
    return value if isinstance(value, Decimal) else Decimal(str(value))


def group(value, places: int = 0) -> str:
    """1234567.5 -> « 1 234 567,5 » (narrow no-break spaces, half up)."""
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return sign + f"{abs(rounded):,f}".replace(",", NARROW_SPACE).replace(".", ",")


@register.filter
def number(value, places=0):
    return NO_DATA if value is None or value == "" else group(value, int(places))


@register.filter
def plural(count: Any, endings: str = "s") -> str:
    """« 0 personne », « 1 personne », « 2 personnes »: "s", "x" or "a,ont"; a collection is counted."""
    singular, _, several = endings.rpartition(",")
    number = count if isinstance(count, int | float | Decimal) else len(count)
    return several if abs(number) >= PLURAL_FROM else singular


@register.filter
def phone(value: Any) -> str:
    """+33612345678 -> « 06 12 34 56 78 » (no-break spaces); a number from elsewhere stays as it is."""
    if value is None or value == "":
        return NO_DATA
    known = FRENCH_NUMBER.fullmatch(re.sub(r"[\s.()–-]", "", str(value)))
    return NO_BREAK_SPACE.join(re.findall("..", f"0{known[1]}")) if known else str(value)


@register.filter
def percent(value, places=1):
    """The value is already a percentage: 42.13 -> « 42,1 % »."""
    if value is None or value == "":
        return NO_DATA
    return f"{group(value, int(places))}{NO_BREAK_SPACE}%"


@register.filter
def euros(value, places=2):
    if value is None or value == "":
        return NO_DATA
    return f"{group(value, int(places))}{NO_BREAK_SPACE}€"


@register.filter
def hour(value):
    """18 h 30, 9 h: the hour of an aware datetime must already be local."""
    if value is None or value == "":
        return NO_DATA
    minutes = f"{NO_BREAK_SPACE}{value.minute:02d}" if value.minute else ""
    return f"{value.hour}{NO_BREAK_SPACE}h{minutes}"


def local(instant: datetime, zone: str = PARIS) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return instant.astimezone(ZoneInfo(zone or PARIS))


@register.filter
def long_day(value: date | None):
    """mardi 24 novembre 2026; a datetime must already be local."""
    if value is None or value == "":
        return NO_DATA
    ordinal = "1er" if value.day == 1 else value.day
    return f"{DAYS[value.weekday()]} {ordinal} {MONTHS[value.month - 1]} {value.year}"


@register.filter
def short_day(value: date | None):
    """mar. 24 nov."""
    if value is None or value == "":
        return NO_DATA
    ordinal = "1er" if value.day == 1 else value.day
    return f"{DAYS[value.weekday()][:3]}. {ordinal} {SHORT_MONTHS[value.month - 1]}"


@register.filter
def dated_day(value: date | None):
    """1er janv. 2024: a bare date, where the year may be another one."""
    if value is None or value == "":
        return NO_DATA
    return f"{'1er' if value.day == 1 else value.day} {SHORT_MONTHS[value.month - 1]} {value.year}"


@register.filter
def long_month(value: date | None):
    """novembre 2026."""
    return NO_DATA if value is None else f"{MONTHS[value.month - 1]} {value.year}"


@register.filter
def short_month(value: date | None):
    """nov. 2026."""
    return NO_DATA if value is None else f"{SHORT_MONTHS[value.month - 1]} {value.year}"


@register.filter
def long_instant(value: datetime | None, zone=None):
    """mardi 24 novembre 2026 à 18 h 30, then « (heure de La Réunion) » when a zone is asked."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone)
    label = f" ({ZONE_LABELS.get(zone, zone)})" if zone else ""
    return f"{long_day(moment)} à {hour(moment)}{label}"


@register.filter
def short_instant(value: datetime | None, zone=None):
    """mar. 24 nov. 18:30."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone)
    return f"{short_day(moment)} {moment:%H:%M}"


@register.filter
def zone_label(zone: str):
    """« heure de La Réunion » for Indian/Reunion."""
    return ZONE_LABELS.get(zone, zone)


@register.filter
def dated_instant(value: datetime | None, zone=None):
    """mar. 24 nov. 2026 18:30: where the year may be another one."""
    if value is None or value == "":
        return NO_DATA
    moment = local(value, zone)
    return f"{short_day(moment)} {moment:%Y %H:%M}"


@register.filter
def dated_start(value: datetime, zone=None):
    """The start of a period: a day alone when it begins at midnight."""
    moment = local(value, zone)
    return f"{short_day(moment)} {moment:%Y}" if moment.time() == time.min else dated_instant(value, zone)


@register.filter
def dated_end(value: datetime, zone=None):
    """The end of a half-open period: its last day, included, when it ends at midnight."""
    moment = local(value, zone)
    if moment.time() != time.min:
        return dated_instant(value, zone)
    last = moment - timedelta(days=1)
    return f"{short_day(last)} {last:%Y} inclus"
