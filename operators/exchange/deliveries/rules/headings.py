"""Where the columns are: the heading of a table, wherever it stands at the top of a file."""

from collections.abc import Callable, Sequence

from operators.exchange.deliveries.errors import FileRefused
from operators.exchange.deliveries.rules import columns
from operators.exchange.deliveries.rules.cells import SHIFTED_MARK

type Line = tuple[int, list[str]]
type Progress = Callable[[int], None]
type Say = Callable[[str], None]

MODEL = "Repartez du modèle à télécharger."
SEARCHED = 10  # rows at the top, a title or a logo, among which the heading is looked for


def is_heading(row: Sequence[str]) -> bool:
    names = {columns.column_name(cell) for cell in row}
    return all(name in names for name in columns.COMPULSORY)


def order_of(heading: Sequence[str]) -> list[int | None]:
    """Where each of our columns is in the file. Raises FileRefused with what is wrong in the heading."""
    names = [columns.column_name(cell) for cell in heading]
    while names and not names[-1]:
        names.pop()
    _check_heading(names, heading)
    places = {name: place for place, name in enumerate(names)}
    return [places.get(name) for name in columns.NAMES]


def _check_heading(names: list[str], heading: Sequence[str]) -> None:
    missing = [name for name in columns.COMPULSORY if name not in names]
    if missing:
        raise FileRefused(
            f"La première ligne doit porter les titres des colonnes ; il manque {', '.join(missing)}. {MODEL}"
        )
    known = {*columns.NAMES, columns.REFUSAL}
    unknown = [
        heading[place].strip() or "(sans titre)" for place, name in enumerate(names) if name not in known
    ]
    if unknown:
        shown = ", ".join(name[:30] for name in unknown[:5])
        raise FileRefused(f"Le format n’a pas de colonne {shown} : retirez-la. {MODEL}")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FileRefused(f"La colonne {twice} est écrite deux fois : gardez-en une.")


class Top:
    """The rows above and at the heading, until it is met."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, Sequence[str]]] = []
        self.width = 0  # of the heading, in columns

    def read(self, number: int, row: Sequence[str], say: Say) -> list[int | None] | None:
        """The order of the columns when this row is the heading; what stood above it is said, not read.

        Raises FileRefused when none of the first SEARCHED rows is a heading, or when it is wrong.
        """
        if is_heading(row):
            self._say_above(say)
            self.width = max(place for place, cell in enumerate(row) if cell.strip()) + 1
            return order_of(row)
        self._rows.append((number, row))
        if len(self._rows) == SEARCHED:
            self.end(None)
        return None

    def end(self, order: list[int | None] | None) -> None:
        """Raises FileRefused with what the first written row lacks, unless the heading was met."""
        if order is None:
            order_of(next((row for _, row in self._rows if any(row)), []))

    def _say_above(self, say: Say) -> None:
        above = [str(number) for number, row in self._rows if any(row)]
        if above:
            say(f"Au-dessus des titres, non lu : ligne{'s' if len(above) > 1 else ''} {', '.join(above)}.")


def ordered(row: Sequence[str], order: Sequence[int | None], width: int) -> list[str]:
    """The cells in our order; a line that has some beyond the headings is marked, as its columns shifted."""
    size = len(row)
    cells = [clean(row[place]) if place is not None and place < size else "" for place in order]
    if size > width and any(cell.strip() for cell in row[width:]):
        cells[0] = SHIFTED_MARK + cells[0]
    return cells


def clean(text: str) -> str:
    """A cell as it was meant: the quote that keeps a spreadsheet from computing it is not part of it."""
    text = text.strip()
    if text.startswith("'") and text[1:].lstrip().startswith(("=", "+", "-", "@")):
        return text[1:]
    return text
