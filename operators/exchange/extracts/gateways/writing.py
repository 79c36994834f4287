"""A table written line by line to a file: memory does not grow with the lines, no cell is computed."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cep_portal.common.place import marked_name
from cep_portal.common.spreadsheets import inert
from operators.exchange.extracts.enums import TableFormat

type Line = Sequence[str | int]


def write_table(path: Path, *, heading: Sequence[str], lines: Iterable[Line], file_format: str) -> None:
    """A CSV that a French spreadsheet opens as it is, or a workbook of one sheet."""
    if file_format == TableFormat.XLSX:
        _write_workbook(path, heading, lines)
    else:
        _write_csv(path, heading, lines)


def _write_csv(path: Path, heading: Sequence[str], lines: Iterable[Line]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(heading)
        table.writerows([inert(cell) for cell in line] for line in lines)


def _write_workbook(path: Path, heading: Sequence[str], lines: Iterable[Line]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 -- 20 MiB: only who writes one

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(marked_name("extraction"))
    sheet.append(list(heading))
    for line in lines:
        sheet.append([cell if isinstance(cell, int) else inert(cell) for cell in line])
    workbook.save(path)
