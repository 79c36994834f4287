"""Lines in a temporary table of the transaction: what is half read vanishes with it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from operators.exchange.deliveries.rules.columns import REQUEST
from operators.exchange.deliveries.rules.line_checks import Checked, new_reference

# Column of the table: its type, and the value of a line that fills it in.
COLUMNS: dict[str, tuple[str, str]] = {
    "external_id": ("text", "id"),
    "person": ("text", "personne"),
    "pathway": ("text", "parcours"),
    "request": ("text", "demande"),
    "appointment": ("text", "rendez_vous"),
    "at": ("timestamptz", "date_heure"),
    "minutes": ("int2", "duree_minutes"),
    "site_id": ("int8", "site"),
    "adviser_id": ("int8", "adviser"),
    "level": ("text", "niveau"),
    "mode": ("text", "modalite"),
    "state": ("text", "etat"),
    "booked_at": ("timestamptz", "pris_le"),
    "cancelled_at": ("timestamptz", "annule_le"),
    "cancelled_by": ("text", "annule_par"),
    "cancel_reason": ("text", "motif"),
    "themes": ("text[]", "themes"),
    "next_step": ("text", "suite"),
    "outcome": ("text", "issue"),
    "situation": ("text", "situation"),
    "commune": ("text", "commune"),
    "commune_basis": ("text", "commune_de"),
    "needs": ("text[]", "besoins"),
    "urgency": ("text", "urgence"),
    "contract_id": ("int8", "contract"),
    "region": ("text", "region"),
    "day": ("date", "day"),
    "correction": ("text", "correction"),
    "withdrawal": ("text", "retrait"),
    "distinct_of": ("text", "distinct_de"),
}
OWN = {"line": "int4", "kind": "text", "reference": "text", "digest": "bytea", "problems": "jsonb"}
NAMES = ", ".join([*OWN, *COLUMNS])
VALUES = tuple(value for _, value in COLUMNS.values())
TEMPORARY = (
    *("delivery_line", "delivery_person", "delivery_way", "delivery_freeze", "delivery_number"),
    "delivery_lost",
)


def load_lines(lines: Iterable[Checked]) -> None:
    """Copy judged lines into `delivery_line`, good or not, in the order of the file."""
    columns = ", ".join(f"{name} {kind}" for name, kind in OWN.items())
    columns += ", " + ", ".join(f"{name} {kind}" for name, (kind, _) in COLUMNS.items())
    with connection.cursor() as cursor:
        for table in TEMPORARY:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE delivery_line ({columns}, status text NOT NULL DEFAULT 'NEW',"
            " target uuid NOT NULL DEFAULT gen_random_uuid()) ON COMMIT DROP"
        )
        with cursor.copy(f"COPY delivery_line ({NAMES}) FROM STDIN") as copy:
            for line in lines:
                copy.write_row(_row(line))
        cursor.execute("CREATE INDEX ON delivery_line (kind, external_id)")
        cursor.execute("CREATE INDEX ON delivery_line (person)")
        cursor.execute("CREATE INDEX ON delivery_line (pathway)")
        cursor.execute("CREATE INDEX ON delivery_line (target)")
        cursor.execute("ANALYZE delivery_line")


def _row(line: Checked) -> tuple[Any, ...]:
    values, problems = line.values, line.problems_json()
    if problems is not None:
        return (
            line.number,
            line.kind,
            None,
            None,
            problems,
            values.get("id"),
            values.get("personne"),
            *NOTHING,
        )
    reference = new_reference() if line.kind == REQUEST else None
    return (line.number, line.kind, reference, line.digest, None, *map(values.get, VALUES))


NOTHING = (None,) * (len(COLUMNS) - 2)


def run(statement: str, params: dict[str, Any] | None = None) -> int:
    """One statement; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def rows(statement: str, params: dict[str, Any] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()
