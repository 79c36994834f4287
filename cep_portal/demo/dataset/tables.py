"""Bulk load: COPY into tables whose indexes and constraints stand aside until the end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

from django.db import connection, models

Lines = dict[type[models.Model], list[str]]


class Copier:
    """Collects lines per table and writes them by COPY; column order is given once per table.

    A `with` block: a thread writes one batch while the caller makes the next one. Inside it, until `wait`,
    nobody else may use the connection.
    """

    def __init__(self, columns: dict[type[models.Model], Iterable[str]]) -> None:
        self._columns = {model: ", ".join(names) for model, names in columns.items()}
        self.lines: Lines = defaultdict(list)
        self.counts: dict[type[models.Model], int] = defaultdict(int)
        self._writer = ThreadPoolExecutor(max_workers=1)
        self._batch: Future | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        self._writer.shutdown()  # the connection is free again, whatever happened
        if failure is None:
            self.wait()

    def flush(self) -> None:
        """Have what was collected written, in the order the tables were declared."""
        self.wait()
        batch, self.lines = self.lines, defaultdict(list)
        for model, lines in batch.items():
            self.counts[model] += len(lines)
        # Django gives each thread a connection of its own: the writer is handed this transaction's.
        self._batch = self._writer.submit(self._write, batch, connection.connection)

    def wait(self) -> None:
        """Return once all that was flushed is written; raise what went wrong."""
        if self._batch is not None:
            self._batch.result()

    def _write(self, batch: Lines, raw) -> None:
        for model, columns in self._columns.items():
            if lines := batch.get(model):
                with raw.cursor() as cursor:
                    statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN"
                    with cursor.copy(statement) as copy:
                        copy.write("\n".join(lines) + "\n")

    def reset_sequences(self) -> None:
        self.wait()
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
        cursor.execute("ANALYZE")


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
