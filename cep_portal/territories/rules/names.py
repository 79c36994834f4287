import re
import unicodedata
from functools import lru_cache

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})
SHORT_WORDS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "sr": "sur",
    "ss": "sous",
    "lez": "les",
    "mt": "mont",
    "nd": "notre dame",
}
SLASHED = ((re.compile(r"\bs\s*/\s*s\b"), " sous "), (re.compile(r"\bs\s*/"), " s "))
ARTICLES = ("l", "la", "le", "les")
LINKS = ("a", "en", "de", "du", "d")
ERRORS_A_LETTER, MOST_ERRORS = 0.3, 3


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """« L’Haÿ-les-Roses » → « l hay les roses », « St-Denis » → « saint denis »: to store and to search.

    « Fontenay s/s Bois » is « fontenay sous bois »; « s/ » alone stays « s »: « sur » or « sous ».
    """
    spaced = name.lower().replace("’", " ").translate(LIGATURES)
    for short, long in SLASHED:
        spaced = short.sub(long, spaced)
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(SHORT_WORDS.get(word, word) for word in words)


def name_key(folded: str) -> str:
    """A folded name without its spaces: « lehavre » and « le havre » are one name."""
    return folded.replace(" ", "")


def readings(folded: str) -> list[str]:
    """The full names that folded words may stand for: « vitry s seine », « havre le »."""
    words = folded.split()
    texts = [folded]
    if len(words) > 1 and words[-1] in ARTICLES:
        texts = [" ".join([words[-1], *words[:-1]]), folded]
    if "s" in words[1:-1]:
        texts = [
            " ".join(long if word == "s" and place else word for place, word in enumerate(words))
            for long in ("sur", "sous")
        ]
    return texts


def without_article(folded: str) -> str:
    words = folded.split()
    return " ".join(words[1:]) if len(words) > 1 and words[0] in ARTICLES else folded


def near_readings(folded: str) -> list[str]:
    """Names that differ by an article or a glued « st »: « mans », « la rennes », « stdenis »."""
    bare = without_article(folded)
    glued = re.sub(r"^st(e?)(?=[b-df-hj-np-tv-z][a-z]{3})", r"saint\1 ", folded)
    texts = [bare, *(f"{article} {bare}" for article in ARTICLES), glued]
    return [text for text in dict.fromkeys(texts) if text and text != folded]


def likely_errors(typed: str, name: str, *, is_whole: bool = False) -> int | None:
    """How many letters were mistyped in a name (or in its first words); None when it is another name.

    Both folded; spaces and a leading article do not count. Three letters in ten may be wrong, one in a
    short name, never four: « la defense » is no « la devise », « mets » may be « metz ».
    """
    bare = without_article(typed)
    allowed = min(MOST_ERRORS, max(1, int(len(name_key(bare)) * ERRORS_A_LETTER)))
    pairs = ((typed, name), (bare, without_article(name)))
    errors = min(_errors(wanted, other, allowed, is_whole=is_whole) for wanted, other in pairs)
    return errors if errors <= allowed else None


def _errors(typed: str, name: str, most: int, *, is_whole: bool) -> int:
    first_words = " ".join(name.split()[: len(typed.split())])
    texts = (name,) if is_whole else (name, first_words)
    return min(_distance(name_key(typed), name_key(text), most) for text in texts)


def _distance(typed: str, name: str, most: int) -> int:
    """Letters to add, drop, change or swap (optimal string alignment); `most + 1` when further."""
    if abs(len(typed) - len(name)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(name) + 1))
    for down, letter in enumerate(typed, 1):
        above, row = row, [down]
        for across, other in enumerate(name, 1):
            cost = min(above[across] + 1, row[-1] + 1, above[across - 1] + (letter != other))
            if down > 1 and across > 1 and (letter, typed[down - 2]) == (name[across - 2], other):
                cost = min(cost, before[across - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
