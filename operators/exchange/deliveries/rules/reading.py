"""A delivery read in a stream, whatever its format: « number of the line, cells in our order »."""

import codecs
import csv
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings

from operators.exchange.deliveries.enums import FileFormat
from operators.exchange.deliveries.errors import FileRefused, FileTooBig
from operators.exchange.deliveries.rules import columns

type Line = tuple[int, list[str]]
type Progress = Callable[[int], None]

LONGEST_LINE = 20_000  # signs; the longest honest line has a few hundred
PIECE = 1 << 20
ZIP_FILES = 200
MODEL = "Repartez du modèle à télécharger."


def read_lines(path: Path, file_format: str, *, progress: Progress = lambda _percent: None) -> Iterator[Line]:
    """Each line that is not blank, with the number a person sees; `progress` hears the percentage read.

    Raises FileRefused, at the start or in the middle, when the file cannot be read any further.
    """
    readers = {FileFormat.CSV: _csv, FileFormat.XLSX: _xlsx, FileFormat.JSON: _json}
    is_empty = True
    for number, cells in readers[FileFormat(file_format)](path, progress):
        if any(cells):
            is_empty = False
            yield number, cells
    if is_empty:
        raise FileRefused("Ce fichier n’a aucune ligne sous ses titres : il n’y a rien à lire.")


def format_of(name: str) -> str:
    """The format that an extension tells. Raises FileRefused."""
    ending = name.rpartition(".")[2].lower()
    if ending not in FileFormat.values:
        raise FileRefused("Envoyez un fichier CSV, XLSX ou JSON.")
    return ending


def _order(heading: list[str]) -> list[int | None]:
    """Where each of our columns is in the file. Raises FileRefused with what is wrong in the heading."""
    headings = [columns.column_name(one) for one in heading]
    while headings and not headings[-1]:
        headings.pop()
    _check_heading(headings)
    places = {name: place for place, name in enumerate(headings)}
    return [places.get(name) for name in columns.NAMES]


def _check_heading(headings: list[str]) -> None:
    missing = [one for one in columns.COMPULSORY if one not in headings]
    if missing:
        raise FileRefused(
            f"La première ligne doit porter les titres des colonnes ; il manque {', '.join(missing)}. {MODEL}"
        )
    unknown = [one or "(sans titre)" for one in headings if one not in {*columns.NAMES, columns.REFUSAL}]
    if unknown:
        shown = ", ".join(one[:30] for one in unknown[:5])
        raise FileRefused(f"Le format n’a pas de colonne {shown} : retirez-la. {MODEL}")
    if len(set(headings)) < len(headings):
        twice = next(one for one in headings if headings.count(one) > 1)
        raise FileRefused(f"La colonne {twice} est écrite deux fois : gardez-en une.")


def _cells(row: list[str], order: list[int | None]) -> list[str]:
    size = len(row)
    return [clean(row[place]) if place is not None and place < size else "" for place in order]


def clean(text: str) -> str:
    """A cell as it was meant: the quote that keeps a spreadsheet from computing it is not part of it."""
    text = text.strip()
    if text.startswith("'") and text[1:].lstrip().startswith(("=", "+", "-", "@")):
        return text[1:]
    return text


# CSV


def _csv(path: Path, progress: Progress) -> Iterator[Line]:
    size = max(path.stat().st_size, 1)
    with path.open("r", encoding=_encoding(path), newline="") as text:
        lines = _text_lines(text)
        heading = next(lines, "")
        separator = max(";,\t", key=heading.count)
        try:
            order = _order(next(csv.reader([heading], delimiter=separator), []))
            rows = csv.reader(lines, delimiter=separator, strict=False)
            for row in rows:
                # The heading was read apart: csv.reader counts from the line below it.
                yield rows.line_num + 1, _cells(row, order)
                if rows.line_num % 5_000 == 0:
                    progress(100 * text.buffer.tell() // size)  # type: ignore[attr-defined]  # a text file has it
        except csv.Error as problem:
            raise FileRefused(
                "Un guillemet ouvert n’est jamais fermé, ou une cellule est trop longue : corrigez."
            ) from problem


def _text_lines(text: TextIO) -> Iterator[str]:
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise FileRefused(f"La ligne {number} dépasse {LONGEST_LINE} signes : le fichier n’est pas lu.")
        if "\0" in line:
            raise FileRefused("Ce fichier n’est pas du texte : enregistrez-le en « CSV UTF-8 ».")
        yield line


def _encoding(path: Path) -> str:
    """UTF-8, with or without its mark; else what Windows writes in French."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FileRefused("Ce fichier est en UTF-16 : enregistrez-le en « CSV UTF-8 ».")
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig" if _decodes(path, "utf-8") else _refuse_bytes()
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
    except UnicodeDecodeError:
        return False
    return True


# XLSX


def _xlsx(path: Path, progress: Progress) -> Iterator[Line]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- 10 MiB: only who reads one

    _check_zip(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            rows = sheet.iter_rows()
            order = _order([_text(one) for one in next(rows, [])])
            for number, row in enumerate(rows, start=2):
                yield number, _cells([_text(one) for one in row], order)
                if number % 5_000 == 0:
                    progress(100 * number // max(sheet.total_height, 1))
    except (CalamineError, zipfile.BadZipFile) as problem:
        raise FileRefused("Ce classeur XLSX est abîmé : enregistrez-le de nouveau.") from problem


def _check_zip(path: Path) -> None:
    """A workbook is a zip: what it would unfold to is read before anything is unfolded."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as problem:
        raise FileRefused("Ce fichier n’est pas un classeur XLSX : enregistrez-le de nouveau.") from problem


def _check_size(archive: zipfile.ZipFile) -> None:
    """Counted while unfolding, piece by piece: the size that a zip tells of itself may be a lie."""
    left = settings.PORTAL_DELIVERY_XLSX_BYTES
    members = archive.infolist()
    too_big = FileTooBig("Ce classeur est trop gros une fois déplié : envoyez-le en CSV, ou en deux fois.")
    if len(members) > ZIP_FILES:
        raise too_big
    for member in members:
        member.file_size = left + 2 * PIECE  # read to the true end, not to the announced one
        with archive.open(member) as content:
            while piece := content.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise too_big


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


# JSON


def _json(path: Path, progress: Progress) -> Iterator[Line]:
    """Small by nature (the API): the limit is PORTAL_DELIVERY_JSON_BYTES."""
    if path.stat().st_size > settings.PORTAL_DELIVERY_JSON_BYTES:
        raise FileTooBig("Ce fichier JSON est trop gros : envoyez-le en CSV, ou en plusieurs fois.")
    try:
        sent = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as problem:
        raise FileRefused("Ce fichier n’est pas du JSON bien formé.") from problem
    lines = sent.get("lignes") if isinstance(sent, dict) else None
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise FileRefused("Attendu : un objet JSON dont « lignes » est une liste d’objets.")
    unknown = sorted({str(name) for line in lines for name in line} - {*columns.NAMES, columns.REFUSAL})
    if unknown:
        raise FileRefused(f"Le format n’a pas de champ {', '.join(unknown)[:100]} : retirez-le. {MODEL}")
    progress(100)
    for number, one in enumerate(lines, start=1):
        yield number, [_json_cell(one.get(name)) for name in columns.NAMES]


def _json_cell(value: Any) -> str:
    if isinstance(value, list):
        return columns.LIST_SIGN.join(clean(str(one)) for one in value)
    return "" if value is None else clean(str(value).replace("\0", ""))
