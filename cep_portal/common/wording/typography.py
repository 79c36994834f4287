"""The marks of French typography: those that every formatter shares, and the spaces that never break."""

import re

NO_DATA = "—"
NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"

_TAG = "\0"  # stands for what is no prose; no text holds one
# What is not read (a script, a box where somebody types, a machine's text), then any other tag.
_NOT_PROSE = re.compile(
    r"(<(?:script|style|textarea|pre|code|svg)\b.*?</(?:script|style|textarea|pre|code|svg)>|<!--.*?-->|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_READ_ALOUD = re.compile(r"(\s(?:title|alt|aria-label|aria-description|placeholder|data-label)=\")([^\"]*)")
_RULES = (
    (re.compile(r"\s+(?=[;?!]+(?![\w=]))"), NARROW_SPACE),
    (re.compile(r"\s+(?=:(?![\w/:-])|»)"), NO_BREAK_SPACE),
    (re.compile(r"(?<=«)\s+"), NO_BREAK_SPACE),
    (re.compile(rf"(\d{_TAG}*) (?={_TAG}*(?:[€%]|(?:h|km|min)\b))"), rf"\1{NO_BREAK_SPACE}"),
    (re.compile(rf"(?<=\d{NO_BREAK_SPACE}h) (?=\d\d\b)"), NO_BREAK_SPACE),
    (re.compile(r"\b0\d(?: \d\d){4}\b"), lambda number: number[0].replace(" ", NO_BREAK_SPACE)),
)


def spaced(text: str) -> str:
    """A French text whose marks and units stay with their word, whoever wrote it; twice is once."""
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def spaced_page(html: str) -> str:
    """The same for the prose of a page: its text, and what is read aloud in its tags, nothing else."""
    pieces = _NOT_PROSE.split(html)
    pieces[::2] = spaced(_TAG.join(pieces[::2])).split(_TAG)
    pieces[1::2] = [_spaced_tag(tag) for tag in pieces[1::2]]
    return "".join(pieces)


def _spaced_tag(tag: str) -> str:
    return tag if tag[1:2] == "/" else _READ_ALOUD.sub(lambda part: part[1] + spaced(part[2]), tag)
