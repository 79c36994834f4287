"""Which transaction wrote a row last: the order in which rows become readable, where a clock would lie.

A row is stamped when it is written and read when it is committed, minutes later at times: an instant or a key
that was passed meanwhile hides it for ever. The mark is the transaction itself; readers go as far as
`pg_snapshot_xmin`, below which every transaction is over (docs/adr/0057).
"""

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import connection, models
from django.db.models import Func

PLACE = """
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text, pg_snapshot_xmax(pg_current_snapshot())::text,
        (SELECT system_identifier FROM pg_control_system())
"""


class TransactionField(models.Field):
    """An xid8: never given again, unlike `xmin`. A whole number in Python."""

    description = "transaction"

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 -- Django's signature
        return "xid8"

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """As text: PostgreSQL compares no xid8 with an integer."""
        value = super().get_prep_value(value)
        return str(value) if isinstance(value, int) else value


class PresentTransaction(Func):
    function = "pg_current_xact_id"
    template = "%(function)s()"
    output_field = TransactionField()


class PresentInstant(Func):
    """The portal's clock, read by the database: sql/portal_now.sql."""

    function = "portal_now"
    template = "%(function)s()"
    output_field = models.DateTimeField()


def changed_xid() -> TransactionField:
    """The column of a table whose changes are read one after another; `marked` keeps it true."""
    return TransactionField("écrit par", db_default=PresentTransaction(), editable=False)


def marked(*columns: str) -> pgtrigger.Trigger:
    """The trigger of `changed_xid`: the transaction that last changed one of these columns.

    Another column changes nothing for who reads. Whoever writes the mark itself, whatever the value, has
    the row told again: it becomes that of the present transaction.
    """
    former, present = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="written_by",  # after the other ones, by its name: they may change what is written
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            f"(({former}, OLD.changed_xid) IS DISTINCT FROM ({present}, NEW.changed_xid))"
        ),
        func="NEW.changed_xid := pg_current_xact_id(); RETURN NEW;",
    )


def by_mark(name: str) -> models.Index:
    """What a reader follows: the transactions in order, and the rows of one of them in order."""
    return models.Index(fields=["changed_xid", "id"], name=name)


def settled() -> tuple[int, int, int]:
    """(first transaction that may still write, first that has not begun, identifier of this cluster)."""
    with connection.cursor() as cursor:
        cursor.execute(PLACE)
        oldest, following, cluster = cursor.fetchone()
    return int(oldest), int(following), cluster


def later_than(place: Sequence[int], *, until: int) -> models.Q:
    """Rows after a place (transaction, key), in the order of their marks, whose transaction is over."""
    transaction, key = place
    after = models.Q(changed_xid__gt=transaction) | models.Q(changed_xid=transaction, pk__gt=key)
    return after & models.Q(changed_xid__lt=until)
