"""Figures, percentages and sums as a French reader expects them; no data reads "—"."""

from collections.abc import Sized
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from cep_portal.common.wording.typography import NARROW_SPACE, NO_BREAK_SPACE, NO_DATA

PLURAL_FROM = 2  # none and one are singular

type Figure = int | float | Decimal | str
type Absent = Literal[""] | None


def group(value: Figure, places: int = 0) -> str:
    """1234567.5 -> « 1 234 567,5 » (narrow no-break spaces, half up)."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return sign + f"{abs(rounded):,f}".replace(",", NARROW_SPACE).replace(".", ",")


def number(value: Figure | Absent, places: int | str = 0) -> str:
    """The figure by groups of three, with `places` decimals."""
    return NO_DATA if value is None or value == "" else group(value, int(places))


def percent(value: Figure | Absent, places: int | str = 1) -> str:
    """The value is already a percentage: 42.13 -> « 42,1 % »."""
    return NO_DATA if value is None or value == "" else f"{group(value, int(places))}{NO_BREAK_SPACE}%"


def euros(value: Figure | Absent, places: int | str = 2) -> str:
    """A sum in euros: 1234.5 -> « 1 234,50 € »; the caller says whether tax is in."""
    return NO_DATA if value is None or value == "" else f"{group(value, int(places))}{NO_BREAK_SPACE}€"


def plural(count: float | Decimal | Sized, endings: str = "s") -> str:
    """« 0 personne », « 1 personne », « 2 personnes »: "s", "x" or "a,ont"; a collection is counted."""
    singular, _, several = endings.rpartition(",")
    quantity = float(count) if isinstance(count, int | float | Decimal) else len(count)
    return several if abs(quantity) >= PLURAL_FROM else singular


def in_groups(sha256: str) -> str:
    """A fingerprint eight by eight: easier to compare, and it wraps on a small screen."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))
