"""What a person typed in the field of a commune: words, and what its numbers mean."""

import re
from dataclasses import dataclass

from cep_portal.territories.rules.names import LINKS, fold_name

LONGEST = 80
POSTCODE = 5
DISTRICT_WORDS = {"arrondissement", "arrondissements", "arrondisst", "arrdt", "arrt", "ardt", "arr"}
ORDINAL = re.compile(r"^0?(\d{1,2})(?:e|er|ere|eme|ieme|nd|nde)$")
ROMAN = re.compile(r"^(x{0,2}(?:ix|iv|v?i{0,3}))(?:e|er|eme|ieme)?$")
ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
COUNTRY = ("f", "fr", "france")


@dataclass(frozen=True)
class TypedPlace:
    """`words` folded without numbers; `number` of a department or a postcode; `district` of a large city."""

    words: str = ""
    number: str = ""
    district: str = ""

    @property
    def is_postcode(self) -> bool:
        return len(self.number) == POSTCODE and self.number.isdigit()


def read_place(text: str) -> TypedPlace:
    """« 38043 Grenoble cedex », « Lyon 3e », « 12e arrondissement de Paris », « 93 200 St-Denis »."""
    parts = _joined(fold_name(text[:LONGEST]).split())
    words: list[str] = []
    number = district = ""
    for place, part in enumerate(parts):
        after_cedex = place > 0 and parts[place - 1] == "cedex"
        ordinal = ORDINAL.match(part)
        if part == "cedex" or (after_cedex and re.fullmatch(r"\d{1,2}", part)):
            continue
        if ordinal:
            district = str(int(ordinal[1]))
        elif part in {"2a", "2b"} or re.fullmatch(r"\d{2,5}", part):
            number, district = _numbers(number, district, part.upper())
        elif part.isdigit():
            district = str(int(part))
        elif part not in DISTRICT_WORDS:
            words.append(part)
    if number or len(words) > 1:
        words = _without_country(words)
    return TypedPlace(" ".join(_without_links(words, cut=bool(district))), number, district)


def _joined(parts: list[str]) -> list[str]:
    """« 93 200 » is one postcode."""
    joined: list[str] = []
    for part in parts:
        if joined and re.fullmatch(r"\d{3}", part) and re.fullmatch(r"\d{2}", joined[-1]):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _numbers(number: str, district: str, part: str) -> tuple[str, str]:
    """The longest number names the place; two digits may be a department or a district."""
    short = len(part) == 2 and part.isdigit()
    if short and not district:
        district = str(int(part))
    return (part, district) if len(part) > len(number) else (number, district)


def _without_country(words: list[str]) -> list[str]:
    if words and words[0] in COUNTRY[:2]:
        return words[1:]
    is_country = len(words) > 1 and words[-1] == COUNTRY[2] and words[-2] not in LINKS
    return words[:-1] if is_country else words


def _without_links(words: list[str], *, cut: bool) -> list[str]:
    """« 12e arrondissement de Paris »: the link goes with the number."""
    while cut and words and words[0] in LINKS:
        words = words[1:]
    return words


def roman_district(words: str) -> TypedPlace | None:
    """« paris xiie » read as a district; None when the last word is no number."""
    *name, last = words.split()
    shape = ROMAN.match(last)
    if not name or not shape or not shape[1]:
        return None
    values = [ROMAN_VALUES[letter] for letter in shape[1]]
    total = sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
    return TypedPlace(words=" ".join(name), district=str(total))
