"""An XLSX: its first visible sheet, and what is said of the others."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from operators.exchange.deliveries.errors import FileRefused, FileTooBig
from operators.exchange.deliveries.rules import columns
from operators.exchange.deliveries.rules.cells import DATE_MARK, KEPT_DIGITS, NUMBER_MARK
from operators.exchange.deliveries.rules.headings import Line, Progress, Say, Top, ordered

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

PIECE = 1 << 20
ZIP_FILES = 200
TOLD_EVERY = 5_000
BIGGEST = 10**KEPT_DIGITS
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # of an .xls, or of a workbook under a password


def workbook_lines(path: Path, progress: Progress, say: Say) -> Iterator[Line]:
    """The rows under the titles, blank ones included, with the number that the spreadsheet shows.

    Raises FileRefused, FileTooBig.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 -- 10 MiB: only who reads one

    _check_zip(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            sheet = _sheet(workbook, say)
            top, order = Top(), None
            height = max(sheet.total_height, 1)
            for number, row in enumerate(sheet.iter_rows(), start=1):
                if order is None:
                    order = top.read(number, [_text(value) for value in row], say)
                    continue
                yield number, _cells(row, order, top.width)
                if number % TOLD_EVERY == 0:
                    progress(100 * number // height)
            top.end(order)
    except (CalamineError, zipfile.BadZipFile) as problem:
        raise FileRefused("Ce classeur XLSX est abîmé : enregistrez-le de nouveau.") from problem


def _sheet(workbook: CalamineWorkbook, say: Say) -> CalamineSheet:
    """The first one that is shown; the others that hold something are named, with those hidden."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 -- as above

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    shown = [sheet for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    if not shown:
        raise FileRefused(
            "Ce classeur n’a aucune feuille visible : affichez celle à lire, et enregistrez-le."
        )
    read = shown[0]
    others = [
        f"« {sheet.name[:40]} »" + ("" if sheet in shown else " (masquée)")
        for sheet in sheets
        if sheet.name != read.name and workbook.get_sheet_by_name(sheet.name).total_height
    ]
    if others:
        say(
            f"Seule la feuille « {read.name[:40]} » est lue. Non lu : {', '.join(others[:5])}."
            " Envoyez chaque feuille dans son fichier."
        )
    return workbook.get_sheet_by_name(read.name)


def _cells(row: Sequence[Any], order: Sequence[int | None], width: int) -> list[str]:
    cells = ordered([_text(value) for value in row], order, width)
    for place in columns.ID_PLACES:
        at = order[place]
        value = row[at] if at is not None and at < len(row) else None
        if isinstance(value, int | float) and abs(value) >= BIGGEST:
            cells[place] = NUMBER_MARK + cells[place]
        elif isinstance(value, date):
            cells[place] = DATE_MARK + cells[place]
    return cells


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


def _check_zip(path: Path) -> None:
    """A workbook is a zip: what it would unfold to is read before anything is unfolded."""
    with path.open("rb") as file:
        if file.read(4) == OLD_EXCEL:
            raise FileRefused(
                "Ce classeur est d’un ancien format, ou sous mot de passe : enregistrez-le en XLSX, sans mot"
                " de passe."
            )
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive)
            if "mimetype" in archive.namelist():
                raise FileRefused("Ce classeur est en ODS : enregistrez-le en XLSX ou en CSV.")
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
