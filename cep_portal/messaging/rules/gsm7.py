"""The alphabet of an SMS (GSM 03.38): outside it a text costs two or three messages (RDV-SP PR 4846)."""

import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two septets each
ONE_PART = 160
_WORDS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
        "ª": "a",
        "º": "o",
        "°": "o",
        "ç": "c",
    }
)
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t", " "))


def is_gsm7(text: str) -> bool:
    return all(sign in BASIC or sign in EXTENDED for sign in text)


def septets(text: str) -> int:
    """How much of the 160 of one part a text takes."""
    return sum(2 if sign in EXTENDED else 1 for sign in text)


def transliterated(text: str) -> str:
    """The text as an SMS can say it: « être » becomes "etre"; a letter that has no likeness stays.

    French marks that surround words bring their space along: « mot » is "mot".
    """
    plain = text.translate(_SPACES).replace("« ", "«").replace(" »", "»").translate(_WORDS)
    return "".join(_likeness(sign) for sign in plain)


def _likeness(sign: str) -> str:
    if sign in BASIC or sign in EXTENDED:
        return sign
    bare = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    return bare if bare and is_gsm7(bare) else sign


def sayable(text: str) -> str:
    """For a value put inside a text (the name of a place): what cannot be said is left out."""
    return "".join(sign for sign in transliterated(text) if sign in BASIC or sign in EXTENDED)


def shortened(text: str, room: int) -> str:
    """The text in at most `room` septets, cut at a word when one ends in time."""
    if septets(text) <= room:
        return text
    kept = text
    while kept and septets(kept) > room - 1:
        kept = kept[:-1]
    at_word = kept.rsplit(" ", 1)[0] if " " in kept else kept
    kept = at_word if len(at_word) * 2 > len(kept) else kept
    return kept.rstrip(" ,;-") + "."
