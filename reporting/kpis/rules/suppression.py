"""Secondary suppression: no masked cell can be worked out from what is printed.

A table has rows (regions) and columns (months), TOTAL included in both. Every row and column is an
equation "parts = total". Seen as a graph (rows and columns are nodes, masked cells are edges), the
equations give away a masked cell if and only if its edge is a bridge: so edges are added until none is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from reporting.kpis.rules import is_small

type Key = tuple[str, str]
type Table = Mapping[Key, tuple[int, ...]]

TOTAL = "total"


def suppress(table: Table, *, threshold: int, rows_add_up: bool) -> set[Key]:
    """The keys to mask: cells with few persons, then as many more as the equations require."""
    masked = {key for key, counts in table.items() if is_small(counts, threshold)}
    while masked and (extra := _next(table, masked, threshold=threshold, rows_add_up=rows_add_up)):
        masked.add(extra)
    return masked


def _next(table: Table, masked: set[Key], *, threshold: int, rows_add_up: bool) -> Key | None:
    for line in _lines(table, rows_add_up=rows_add_up):
        free = [key for key in line if key not in masked]
        if free and _gives_away(line, table, masked, threshold):
            return _cheapest(table, free)
    return _beside_bridge(table, masked) if rows_add_up else None


def _lines(table: Table, *, rows_add_up: bool) -> Iterator[list[Key]]:
    lines: dict[tuple[int, str], list[Key]] = defaultdict(list)
    for key in sorted(table):
        lines[1, key[1]].append(key)
        if rows_add_up:
            lines[0, key[0]].append(key)
    for (axis, _), line in sorted(lines.items()):
        yield sorted(line, key=lambda key: key[1 - axis] == TOTAL)


def _gives_away(line: list[Key], table: Table, masked: set[Key], threshold: int) -> bool:
    """One masked cell is a subtraction away; several are too few persons when their sum is."""
    hidden = [key for key in line if key in masked]
    if not hidden:
        return False
    if len(hidden) == 1:
        return len(line) > 1
    if line[-1] in masked:
        return False
    left = [sum(counts) for counts in zip(*(table[key] for key in hidden), strict=True)]
    return is_small(left, threshold) or left[0] < threshold


def _cheapest(table: Table, candidates: list[Key]) -> Key | None:
    """Parts before totals, the fewest persons first; an empty cell protects nothing: last of all."""
    return min(
        candidates,
        key=lambda key: (not any(table[key]), TOTAL in key, table[key], key),
        default=None,
    )


def _beside_bridge(table: Table, masked: set[Key]) -> Key | None:
    for bridge in _bridges(masked):
        side = _reached(("row", bridge[0]), masked - {bridge})
        free = [key for key in table if key not in masked]
        closing = [key for key in free if (("row", key[0]) in side) != (("column", key[1]) in side)]
        beside = [key for key in free if key[0] == bridge[0] or key[1] == bridge[1]]
        if found := _cheapest(table, closing) or _cheapest(table, beside):
            return found
    return None


def _bridges(masked: set[Key]) -> list[Key]:
    return [
        key for key in sorted(masked) if ("column", key[1]) not in _reached(("row", key[0]), masked - {key})
    ]


def _reached(start: tuple[str, str], masked: set[Key]) -> set[tuple[str, str]]:
    neighbours: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for row, column in masked:
        neighbours["row", row].add(("column", column))
        neighbours["column", column].add(("row", row))
    seen, stack = {start}, [start]
    while stack:
        fresh = neighbours[stack.pop()] - seen
        seen |= fresh
        stack.extend(fresh)
    return seen
