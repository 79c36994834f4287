"""A CSV read line by line: every line of the file is a line read, a blank one, or one above the titles."""

import codecs
import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from operators.exchange.deliveries.errors import FileRefused
from operators.exchange.deliveries.rules.headings import (
    SEARCHED,
    Line,
    Progress,
    Say,
    Top,
    is_heading,
    ordered,
)

LONGEST_LINE = 20_000  # signs; the longest honest line has a few hundred
PIECE = 1 << 20
TOLD_EVERY = 5_000
SEPARATORS = ";,\t|"
SEPARATOR_SAID = re.compile(r'"?sep=(.)"?[;,\t ]*', re.IGNORECASE)  # what Excel writes, and reads, first
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class _Lines:
    """The physical lines of a text, counted; `taken` are those that became rows.

    A reader that asks for a second line before it gave a row is inside a quote that its line left open.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.count = self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE + 1):
            self._check_quotes()
            self.count += 1
            if len(line) > LONGEST_LINE:
                raise FileRefused(
                    f"La ligne {self.count} dépasse {LONGEST_LINE} signes : le fichier n’est pas lu."
                )
            if "\0" in line:
                raise FileRefused("Ce fichier n’est pas du texte : enregistrez-le en « CSV UTF-8 ».")
            yield line
        self._check_quotes()

    def _check_quotes(self) -> None:
        if self.taken < self.count:
            raise FileRefused(
                f"À la ligne {self.count}, un guillemet ouvert n’est pas fermé : il avalerait les lignes qui"
                " suivent, rien n’est pris. Fermez-le ou retirez-le ; une cellule tient sur une ligne."
            )


def csv_lines(path: Path, progress: Progress, say: Say) -> Iterator[Line]:
    """The lines under the titles, blank ones included, with the number that a spreadsheet shows.

    Raises FileRefused, at the start or in the middle; an open quote is told with the line that opens it.
    """
    encoding = _encoding(path)
    separator, is_said = _separator(path, encoding)
    size, top, order = max(path.stat().st_size, 1), Top(), None
    with path.open("r", encoding=encoding, newline="") as text:
        lines = _Lines(text)
        rows = csv.reader(lines, delimiter=separator, strict=False)
        for number, row in enumerate(rows, start=1):
            lines.taken = number
            if order is not None:
                yield number, ordered(row, order, top.width)
                if number % TOLD_EVERY == 0:
                    progress(100 * text.buffer.tell() // size)  # type: ignore[attr-defined]  # a text file has it
            elif not (is_said and number == 1):
                order = top.read(number, row, say)
        top.end(order)
        if lines.taken != lines.count:
            raise FileRefused(f"{lines.taken} lignes lues sur {lines.count} : le fichier n’est pas pris.")


def _separator(path: Path, encoding: str) -> tuple[str, bool]:
    """The one that a first line `sep=;` says, else the one that makes titles; True when it is said."""
    with path.open("r", encoding=encoding, newline="") as text:
        first = [
            line[:LONGEST_LINE] for line in islice(iter(lambda: text.readline(LONGEST_LINE), ""), SEARCHED)
        ]
    said = SEPARATOR_SAID.fullmatch(first[0].rstrip("\r\n")) if first else None
    if said is not None:
        return said[1], True
    for separator in SEPARATORS:
        if any(is_heading(line.rstrip("\r\n").replace('"', "").split(separator)) for line in first):
            return separator, False
    return max(SEPARATORS, key="".join(first).count), False


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16, with or without their mark; else what Windows writes in French."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((name for mark, name in MARKS.items() if start.startswith(mark)), None)
    if marked is not None:
        return marked if _decodes(path, marked) else _refuse_bytes()
    # An ASCII title in UTF-16 without its mark: one byte out of two is null.
    for name, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        if start[place::2] == b"\0\0" and _decodes(path, name):
            return name
    if _decodes(path, "utf-8"):
        return "utf-8"
    return "cp1252" if _decodes(path, "cp1252") else _refuse_bytes()


def _refuse_bytes() -> str:
    raise FileRefused("Les accents de ce fichier sont illisibles : enregistrez-le en « CSV UTF-8 ».")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
