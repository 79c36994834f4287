"""A delivery read in a stream, whatever its format: « number of the line, cells in our order »."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from operators.exchange.deliveries.enums import FileFormat
from operators.exchange.deliveries.errors import FileRefused, FileTooBig
from operators.exchange.deliveries.rules import columns
from operators.exchange.deliveries.rules.csv_files import csv_lines
from operators.exchange.deliveries.rules.headings import MODEL, Line, Progress, Say, clean
from operators.exchange.deliveries.rules.workbooks import workbook_lines

AS_CSV = ("csv", "txt", "tsv")  # Excel names « Texte Unicode » a .txt
ELSEWISE = {
    "xls": "Le format .xls est trop ancien : dans Excel, « Enregistrer sous », « Classeur Excel (.xlsx) ».",
    "xlsm": "Un classeur à macros n’est pas lu : « Enregistrer sous », « Classeur Excel (.xlsx) ».",
    "xlsb": "Le format .xlsb n’est pas lu : « Enregistrer sous », « Classeur Excel (.xlsx) ».",
    "ods": "Le format .ods n’est pas lu : dans LibreOffice, « Enregistrer sous », « Excel 2007-365 (.xlsx) »"
    " ou « Texte CSV (.csv) ».",
    "numbers": "Le format .numbers n’est pas lu : dans Numbers, « Exporter vers », « Excel ».",
}


def read_lines(
    path: Path,
    file_format: str,
    *,
    progress: Progress = lambda _percent: None,
    say: Say = lambda _remark: None,
) -> Iterator[Line]:
    """Each line that is not blank, with the number a person sees.

    `progress` hears the percentage read; `say` what of the file is not read. Raises FileRefused, at the start
    or in the middle, when the file cannot be read any further.
    """
    readers = {FileFormat.CSV: csv_lines, FileFormat.XLSX: workbook_lines, FileFormat.JSON: _json}
    is_empty = True
    for number, cells in readers[FileFormat(file_format)](path, progress, say):
        if any(cells):
            is_empty = False
            yield number, cells
    if is_empty:
        raise FileRefused("Ce fichier n’a aucune ligne sous ses titres : il n’y a rien à lire.")


def format_of(name: str) -> str:
    """The format that an extension tells. Raises FileRefused, with what to do instead."""
    ending = name.rpartition(".")[2].lower()
    if ending in AS_CSV:
        return FileFormat.CSV
    if ending not in FileFormat.values:
        raise FileRefused(ELSEWISE.get(ending, "Envoyez un fichier CSV, XLSX ou JSON."))
    return ending


def _json(path: Path, progress: Progress, _say: Say) -> Iterator[Line]:
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
    for number, line in enumerate(lines, start=1):
        yield number, [_json_cell(line.get(name)) for name in columns.NAMES]


def _json_cell(value: Any) -> str:
    if isinstance(value, list):
        return columns.LIST_SIGN.join(clean(str(item)) for item in value)
    return "" if value is None else clean(str(value).replace("\0", ""))
