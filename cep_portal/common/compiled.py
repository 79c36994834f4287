"""Statements asked thousands of times an hour: written by Django once a thread, planned once a connection.

For the few that a booking or its page waits for; elsewhere the queryset itself is read (ADR 0065).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.fetch_modes import FETCH_ONE
from django.db.models.query import get_related_populators
from django.db.transaction import TransactionManagementError


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor whose statements are planned once a connection, after five times; seen as any other's.

    List the columns: a plan made of `*` is refused after a migration that adds one. The type of a parameter
    is that of its place: cast it where the place says none.
    """
    connection.ensure_connection()
    line = connection.connection
    usual, line.cursor_factory = line.cursor_factory, ServerBindingCursor
    try:
        cursor = connection.cursor()
    finally:
        line.cursor_factory = usual
    with cursor:
        yield cursor


class Ask(Expression):
    """The place of a value in the queryset of a `Compiled`, by the name it is given when read."""

    def __init__(self, name: str) -> None:
        super().__init__(Field())
        self.name = name

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class _Statement(NamedTuple):
    sql: str
    parameters: tuple[Any, ...]
    compiler: Any
    converters: dict
    model: type[Model]
    names: list[str]
    columns: slice
    related: list
    annotations: dict[str, int]


class Compiled[M: Model]:
    """A queryset with `Ask` in the place of its values; called with these, it gives the list of what is read.

    `make` is called once a thread. What a lock takes is asked inside a transaction, else
    TransactionManagementError. Neither prefetched rows nor `values()`.
    """

    def __init__(self, make: Callable[[], QuerySet[M]]) -> None:
        self._make = make
        self._thread = threading.local()

    def __call__(self, **values: Any) -> list[M]:
        statement = self._statement()
        if statement.compiler.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("a lock is taken inside a transaction")
        with prepared() as cursor:
            cursor.execute(statement.sql, [_given(part, values) for part in statement.parameters])
            rows = cursor.fetchall()
        if statement.converters:
            rows = statement.compiler.apply_converters(rows, statement.converters)
        return [_instance(statement, row) for row in rows]

    def first(self, **values: Any) -> M | None:
        """The first row read, or None."""
        return next(iter(self(**values)), None)

    def _statement(self) -> _Statement:
        known = getattr(self._thread, "statement", None)
        if known is None:
            known = self._thread.statement = _compile(self._make())
        return known


def _given(part: Any, values: dict[str, Any]) -> Any:
    return values[part.name] if isinstance(part, Ask) else part


def _compile(queryset: QuerySet[Any]) -> _Statement:
    compiler: Any = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet as nothing:
        raise ValueError("this queryset never reads anything") from nothing
    klass = compiler.klass_info
    first, last = klass["select_fields"][0], klass["select_fields"][-1] + 1
    return _Statement(
        sql=sql,
        parameters=tuple(parameters),
        compiler=compiler,
        converters=compiler.get_converters([column[0] for column in compiler.select]),
        model=klass["model"],
        names=[column[0].target.attname for column in compiler.select[first:last]],
        columns=slice(first, last),
        related=get_related_populators(klass, compiler.select, DEFAULT_DB_ALIAS, FETCH_ONE),
        annotations=compiler.annotation_col_map or {},
    )


def _instance(statement: _Statement, row: Sequence[Any]) -> Any:
    """As ModelIterable makes it."""
    instance = statement.model.from_db(DEFAULT_DB_ALIAS, statement.names, row[statement.columns])
    for populator in statement.related:
        populator.populate(row, instance)
    for name, place in statement.annotations.items():
        setattr(instance, name, row[place])
    return instance


def insert_row[M: Model](instance: M) -> M:
    """Write a new row, as `save()` of a model without signals nor parents.

    Its key and what the database gives by default come back with it.
    """
    model = type(instance)
    given: list[tuple[Any, Any]] = []
    left: list[Any] = [model._meta.pk]
    for field in model._meta.concrete_fields:
        value = field.pre_save(instance, True)
        if isinstance(value, DatabaseDefault):
            left.append(field)
        elif not field.primary_key:
            given.append((field.column, field.get_db_prep_save(value, connection)))
    statement = _insert_of(model, tuple(column for column, _ in given), tuple(field.column for field in left))
    with prepared() as cursor:
        cursor.execute(statement, [value for _, value in given])
        for field, value in zip(left, cursor.fetchone(), strict=True):
            setattr(instance, field.attname, _loaded(field, value))
    state = instance._state  # noqa: SLF001 -- as save() leaves it
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return instance


def save_columns(instance: Model, names: Iterable[str]) -> None:
    """Write some columns of a row that is there, as `save(update_fields=names)`.

    Raises the model's NotUpdated when the row is gone.
    """
    statement, fields = _update_of(type(instance), tuple(names))
    values = [field.get_db_prep_save(field.pre_save(instance, False), connection) for field in fields]
    with prepared() as cursor:
        cursor.execute(statement, [*values, instance.pk])
        if cursor.rowcount != 1:
            raise instance.NotUpdated  # type: ignore[attr-defined]  # Django's, unknown to its stubs


def _loaded(field: Any, value: Any) -> Any:
    return field.from_db_value(value, None, connection) if hasattr(field, "from_db_value") else value


@cache
def _insert_of(model: type[Model], columns: tuple[str, ...], left: tuple[str, ...]) -> str:
    into, back = (", ".join(f'"{name}"' for name in names) for names in (columns, left))
    marks = ", ".join(["%s"] * len(columns))
    table = f'"{model._meta.db_table}"'
    return " ".join(["INSERT INTO", table, f"({into})", f"VALUES ({marks})", "RETURNING", back])


@cache
def _update_of(model: type[Model], names: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    fields: tuple[Any, ...] = tuple(model._meta.get_field(name) for name in names)
    columns = ", ".join(f'"{field.column}" = %s' for field in fields)
    table, key = model._meta.db_table, model._meta.pk.column
    return " ".join(["UPDATE", f'"{table}"', "SET", columns, "WHERE", f'"{key}"', "= %s"]), fields
