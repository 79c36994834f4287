"""A cell as it was meant: generous where nothing is ambiguous, and no guess where something is."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

TEXT_COLUMN = "Mettez la colonne en Texte dans le tableur, et reprenez le numéro de votre logiciel."
ID_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}")
SCIENTIFIC = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+[0-9]+")
KEPT_DIGITS = 15  # of a number in a spreadsheet: the digits after them become zeros
LONG_NUMBER = f"^[1-9][0-9]{{{KEPT_DIGITS},}}$"  # read by PostgreSQL, as the next one
ROUNDED_NUMBER = f"^[1-9][0-9]{{{KEPT_DIGITS - 1}}}0+$"
# Before what a workbook made of a number: one too long for what it keeps, a date.
NUMBER_MARK, DATE_MARK = "\x01", "\x02"
SHIFTED_MARK = "\x03"  # before the first cell of a line that has more cells than there are headings
MARKS = NUMBER_MARK + DATE_MARK + SHIFTED_MARK
WHOLE = re.compile(r"([0-9]{1,5})(?:[.,]0+)?(?: ?(?:min|mn|minutes?))?\.?")
FRENCH_DAY = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})[ T]+(.+)")
ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]+(.+)")
HOUR = re.compile(r"([0-9]{1,2}) ?[:hH] ?([0-9]{2})(.*)")


def folded(text: str) -> str:
    """A word as people type it: accents, capitals, dashes, underscores and apostrophes do not matter."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("œ", "oe"))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
    return " ".join(bare.replace("-", " ").replace("_", " ").replace("'", " ").split())


def readings(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every way to write each choice: its value, and its label as printed when no other has it."""
    pairs = list(choices)
    labels = [folded(label) for _, label in pairs]
    read = {label: value for (value, _), label in zip(pairs, labels, strict=True) if labels.count(label) == 1}
    return read | {folded(value): value for value, _ in pairs}


def whole_minutes(text: str) -> int | None:
    """« 60 », « 60,0 », « 60 min »; None when it is no whole number."""
    match = WHOLE.fullmatch(text)
    return int(match[1]) if match else None


def _plain_date(text: str) -> str:
    """A French or ISO date and its hour in ISO; what is neither comes back as it is.

    A year of two digits is read after slashes only: elsewhere it could be a day.
    """
    if match := FRENCH_DAY.fullmatch(text):
        day, sign, month, year, hours = match.groups()
        if len(year) < len("2026"):
            if sign != "/":
                return text
            year = f"20{year}"
        return f"{year}-{int(month):02}-{int(day):02} {_plain_hour(hours)}"
    if match := ISO_DAY.fullmatch(text):
        return f"{match[1]} {_plain_hour(match[2])}"
    return text


def _plain_hour(text: str) -> str:
    match = HOUR.fullmatch(text.strip())
    return f"{int(match[1]):02}:{match[2]}{match[3].strip()}" if match else text


def parse_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """An instant in UTC; None when unreadable. Without an offset it is read on the clock of `zone`.

    An hour that the clock skips in spring is unreadable; one that it shows twice is the first.
    """
    plain = _plain_date(text)
    if ":" not in plain:
        return None
    try:
        read = datetime.fromisoformat(plain)
        if read.tzinfo is not None:
            return read.astimezone(UTC)
        instant = read.replace(tzinfo=zone).astimezone(UTC)
        return instant if instant.astimezone(zone).replace(tzinfo=None) == read else None
    except (ValueError, OverflowError):
        return None


def broken_number(text: str) -> tuple[str, str] | None:
    """What a spreadsheet made of a number, and how to mend; None when it stands."""
    if text.startswith(NUMBER_MARK):
        return (
            f"Ce numéro de plus de {KEPT_DIGITS} chiffres est écrit en nombre : le tableur l’a arrondi.",
            TEXT_COLUMN,
        )
    if text.startswith(DATE_MARK):
        return "Le tableur a fait de ce numéro une date.", TEXT_COLUMN
    if SCIENTIFIC.fullmatch(text):
        return (
            f"« {text[:40]} » : le tableur a remplacé ce numéro par une notation scientifique.",
            TEXT_COLUMN,
        )
    if ID_SHAPE.fullmatch(text) is None:
        return (
            "Ce numéro a des signes refusés, ou plus de 100.",
            "Gardez des lettres sans accent, des chiffres et - _ . : /, sans espace.",
        )
    return None
