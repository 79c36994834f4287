"""Names of places and telephone numbers as a French reader expects them."""

import re
import unicodedata

from cep_portal.common.wording.typography import NO_BREAK_SPACE, NO_DATA

FRENCH_NUMBER = re.compile(r"(?:(?:\+|00)(?:33|262|508|590|594|596)0?|0)([1-9]\d{8})")


def of(name: str) -> str:
    """« de Rennes », « d’Amiens », « du Mans », « des Abymes », « de La Rochelle »."""
    for article, joined in (("Les ", "des "), ("Le ", "du ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    first = unicodedata.normalize("NFKD", name[:1].casefold())[:1]
    return f"d’{name}" if first in "aeiouhœæ" else f"de {name}"


def phone(value: object) -> str:
    """+33612345678 -> « 06 12 34 56 78 » (no-break spaces); a number from elsewhere stays as it is."""
    if value is None or value == "":
        return NO_DATA
    known = FRENCH_NUMBER.fullmatch(re.sub(r"[\s.()–-]", "", str(value)))
    return NO_BREAK_SPACE.join(re.findall("..", f"0{known[1]}")) if known else str(value)
