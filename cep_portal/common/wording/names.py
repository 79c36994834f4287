"""Names of places, people and months as a French reader expects them."""

import unicodedata


def of(name: str) -> str:
    """« de Rennes », « d’Amiens », « du Mans », « des Abymes », « de La Rochelle », « d’octobre 2026 »."""
    for article, joined in (("Les ", "des "), ("Le ", "du ")):
        if name.startswith(article):
            return joined + name.removeprefix(article)
    first = unicodedata.normalize("NFKD", name[:1].casefold())[:1]
    return f"d’{name}" if first in "aeiouhœæ" else f"de {name}"
