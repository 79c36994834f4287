"""Rows as they are now, theirs until the transaction ends: a state is read after its lock, never before."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


def locked[Row: Model](rows: QuerySet[Row], keys: Collection[Any]) -> dict[int, Row]:
    """Rows by key, read anew and locked in the order of their keys, so that two acts never wait in a circle.

    `NO KEY` lets new rows point at them meanwhile. Whatever was read of them before is the past: check what
    this returns. The order between tables is in docs/adr/0059.
    """
    wanted = rows.filter(pk__in=set(keys)).select_for_update(of=("self",), no_key=True).order_by("pk")
    return {row.pk: row for row in wanted}


def one_at_a_time(name: str) -> None:
    """Two acts under one name wait for each other until the transaction ends: the second sees the first.

    For what has no row yet to be locked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
