"""CSV that a French spreadsheet opens as it is: a mark for UTF-8, semicolons, no cell read as a formula."""

import csv
import re
from collections.abc import Iterable
from io import StringIO

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?\d+(,\d+)?")


def spreadsheet(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """The text of a CSV file. A text that a spreadsheet would compute is quoted; a number stays a number."""
    out = StringIO()
    out.write("\ufeff")
    table = csv.writer(out, delimiter=";")
    table.writerow(header)
    table.writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue()


def inert(cell: object) -> str:
    """A text that no spreadsheet computes."""
    text = "" if cell is None else str(cell)
    # Spreadsheets skip the spaces before a sign.
    if text.lstrip(" \u00a0\u202f").startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text
