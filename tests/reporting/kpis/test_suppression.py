"""A reader who subtracts totals learns nothing."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.kpis.rules.suppression import TOTAL, suppress

THRESHOLD = 5


def with_totals(parts):
    """{(region, month): n} → the same with the year, France and the corner, as tuples."""
    table = {}
    for (row, column), count in parts.items():
        for key in {(row, column), (row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)}:
            table[key] = table.get(key, 0) + count
    return {key: (count,) for key, count in table.items()}


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 5))
    columns = draw(st.integers(1, 4))
    counts = st.one_of(st.just(0), st.integers(1, 9), st.integers(10, 200))
    return with_totals(
        {(f"r{row}", f"c{column}"): draw(counts) for row in range(rows) for column in range(columns)}
    )


def equations(table, *, rows_add_up):
    """Each "parts − total = 0" as {cell: coefficient}."""
    for axis in (0, 1) if rows_add_up else (1,):
        for name in {key[axis] for key in table}:
            yield {key: -1 if key[1 - axis] == TOTAL else 1 for key in table if key[axis] == name}


def solved(table, masked, *, rows_add_up):
    """The masked cells that linear algebra determines from everything printed."""
    unknowns = sorted(masked)
    matrix = [
        [Fraction(line.get(key, 0)) for key in unknowns] for line in equations(table, rows_add_up=rows_add_up)
    ]
    found, pivot_row = [], 0
    for column in range(len(unknowns)):
        pivot = next((r for r in range(pivot_row, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[pivot_row], matrix[pivot] = matrix[pivot], matrix[pivot_row]
        scale = matrix[pivot_row][column]
        matrix[pivot_row] = [value / scale for value in matrix[pivot_row]]
        for r, line in enumerate(matrix):
            if r != pivot_row and line[column]:
                factor = line[column]
                matrix[r] = [a - factor * b for a, b in zip(line, matrix[pivot_row], strict=True)]
        found.append(column)
        pivot_row += 1
    alone = [row for row in matrix if sum(1 for value in row if value) == 1]
    return {unknowns[next(i for i, value in enumerate(row) if value)] for row in alone}


@settings(max_examples=400, deadline=None)
@given(tables(), st.booleans())
def test_no_masked_cell_can_be_computed_from_what_is_printed(table, rows_add_up):
    masked = suppress(table, threshold=THRESHOLD, rows_add_up=rows_add_up)

    small = {key for key, (count,) in table.items() if 0 < count < THRESHOLD}
    assert small <= masked
    assert solved(table, masked, rows_add_up=rows_add_up) == set()


@settings(max_examples=400, deadline=None)
@given(tables(), st.booleans())
def test_what_a_total_leaves_over_is_never_a_few_persons(table, rows_add_up):
    masked = suppress(table, threshold=THRESHOLD, rows_add_up=rows_add_up)

    for line in equations(table, rows_add_up=rows_add_up):
        printed = sum(sign * table[key][0] for key, sign in line.items() if key not in masked)
        total_printed = any(sign < 0 and key not in masked for key, sign in line.items())
        hidden = any(key in masked for key in line)
        assert not (hidden and total_printed and 0 < -printed < THRESHOLD)


def test_nothing_is_masked_where_nobody_is_recognisable():
    table = with_totals({("53", "2026-09"): 12, ("53", "2026-10"): 0, ("28", "2026-10"): 5})

    assert suppress(table, threshold=THRESHOLD, rows_add_up=True) == set()


def test_lonely_small_cell_takes_the_smallest_neighbour_with_it():
    table = with_totals({("94", "m"): 3, ("53", "m"): 40, ("28", "m"): 30})

    assert suppress(table, threshold=THRESHOLD, rows_add_up=False) == {
        (row, column) for row in ("94", "28") for column in ("m", TOTAL)
    }


@pytest.mark.parametrize(
    ("counts", "masked"),
    [((40, 20, 20), False), ((40, 3, 37), True), ((40, 37, 3), True), ((4, 4, 0), True)],
)
def test_complement_of_a_share_is_protected_too(counts, masked):
    table = {("53", "m"): counts, ("28", "m"): (90, 40, 50), (TOTAL, "m"): (130, 60, 70)}

    assert (("53", "m") in suppress(table, threshold=THRESHOLD, rows_add_up=False)) is masked
