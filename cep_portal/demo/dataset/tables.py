"""Bulk load: COPY into tables whose indexes and constraints stand aside until the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, models


class Copier:
    """Collects lines per table and writes them by COPY; column order is given once per table."""

    def __init__(self, columns: dict[type[models.Model], Iterable[str]]) -> None:
        self._columns = {model: ", ".join(names) for model, names in columns.items()}
        self.lines: dict[type[models.Model], list[str]] = defaultdict(list)
        self.counts: dict[type[models.Model], int] = defaultdict(int)

    def flush(self) -> None:
        """Write what was collected, in the order the tables were declared."""
        for model, columns in self._columns.items():
            lines = self.lines.pop(model, None)
            if not lines:
                continue
            with connection.cursor() as cursor:
                statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
                with cursor.copy(statement) as copy:
                    copy.write("\n".join(lines) + "\n")
            self.counts[model] += len(lines)

    def reset_sequences(self) -> None:
        with connection.cursor() as cursor:
            for model in self._columns:
                table = model._meta.db_table
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 -- own tables
                    f" (SELECT coalesce(max(id), 1) FROM {table}))"
                )


CONSTRAINTS = """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('x', 'f') ORDER BY contype DESC, conname
"""
INDEXES = """
    SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique AND NOT indisexclusion ORDER BY 1
"""


@contextmanager
def constraints_aside(tables: list[str]) -> Iterator[None]:
    """Drop exclusions, foreign keys and plain indexes, then build them again, checked against every row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no check may be pending on a table we alter
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        cursor.execute(CONSTRAINTS, [tables])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [tables])
        indexes = cursor.fetchall()
        for table, name, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for index, _ in indexes:
            cursor.execute(f"DROP INDEX {index}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for table in tables:
            cursor.execute(f"ANALYZE {table}")


TAKE_TIME = """
    INSERT INTO operators_advisertime (adviser_id, period, source, expires_at)
    SELECT adviser_id, busy_period, uuid, NULL FROM operators_appointment
    WHERE state IN ('BOOKED', 'ATTENDED', 'NO_SHOW') ORDER BY id
"""


@contextmanager
def time_taken_at_once() -> Iterator[None]:
    """Write what the trigger on appointments would, in one statement after all of them."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE operators_appointment DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute(TAKE_TIME)
        cursor.execute("ALTER TABLE operators_appointment ENABLE TRIGGER USER")
