"""The word screen: which sensitive matters a text seems to speak of. Says it, never judges it."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parents[1] / "data" / "sensitive_words.toml"


@dataclass(frozen=True)
class Matter:
    """A sensitive matter met in a text, with the words that made it think so, as they were written."""

    code: str
    label: str
    words: tuple[str, ...]


@cache
def _matters() -> tuple[tuple[str, str, re.Pattern], ...]:
    data = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return tuple((code, one["label"], _pattern(one["words"])) for code, one in data.items())


def _pattern(words: list[str]) -> re.Pattern:
    parts = [re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\W+") for word in words]
    return re.compile(rf"\b(?:{'|'.join(parts)})\b")


def fold(text: str) -> str:
    """Lower case without accents, letter for letter: a place in it is the same place in the text."""
    return "".join(_plain(letter) for letter in text)


def _plain(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].lower()
    return base if len(base) == 1 else letter


def sensitive_matters(text: str) -> list[Matter]:
    """The matters of a text, in the order of the data file, each word once."""
    text = unicodedata.normalize("NFC", text)
    folded, matters = fold(text), []
    for code, label, pattern in _matters():
        met = dict.fromkeys(text[match.start() : match.end()] for match in pattern.finditer(folded))
        if met:
            matters.append(Matter(code, label, tuple(met)))
    return matters
