"""Facts that keep their past: what a figure counted can be counted again, whatever happened since (ADR 0067).

A fact has two clocks: when it happened, in its own columns, and from when the portal knew it as it stands,
`known_from`. A change of what figures read moves `known_from` and leaves the row of before in a table beside,
`<table>_former`, with no name in it: keys, dates, closed lists. As known at T, a table is its rows with
known_from <= T and the former ones with known_from <= T < known_until. Triggers write both: no service, no
file, no statement typed by hand can forget them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import pgtrigger
from django.db import connection, models
from django.db.models import F, Q

from cep_portal.common.marks import PresentInstant, changed_xid

SINCE = """
    IF {changes} THEN
        NEW.known_from := greatest(portal_now(), OLD.known_from);
    ELSE
        NEW.known_from := OLD.known_from;
    END IF;
    RETURN NEW;
"""
KEEP = """
    INSERT INTO {former} (source_id, known_from, known_until, {columns})
    VALUES (OLD.id, OLD.known_from, {until}, {values});
    RETURN NULL;
"""


def known_from() -> models.DateTimeField:
    """The column of a table that keeps its past: written by the database, `keeps_past` keeps it true."""
    return models.DateTimeField("connu depuis", db_default=PresentInstant(), editable=False)


@contextmanager
def told_at(instant: datetime) -> Iterator[None]:
    """Facts written meanwhile on this connection are known from an instant that is gone: a past is built.

    A transaction given up takes the word back with it.
    """
    _say_past(instant.isoformat())
    yield
    _say_past("")


def _say_past(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.past', %s, false)", [text])


class Former(models.Model):
    """A version of a row that is no more: a line the same as the row, but for what no figure reads.

    `changed_xid` is the transaction that ended it. Its keys are plain numbers: the rows that they name may
    be gone, and a merge moves none of them.
    """

    source_id = models.BigIntegerField("clé de la ligne", db_index=True)
    known_from = models.DateTimeField("connu depuis")
    known_until = models.DateTimeField("connu jusqu’à", db_index=True)
    changed_xid = changed_xid()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["changed_xid"], name="%(class)s_changed")]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_known_in_order",
                condition=Q(known_until__gte=F("known_from")),
                violation_error_message="Ce qui est connu l’est avant de ne plus l’être.",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"Ligne {self.source_id}, connue jusqu’au {self.known_until:%Y-%m-%d}"


def keeps_past(
    former: str,
    *columns: str,
    changing: Sequence[str],
    changed_when: str = "true",
    kept_when: str = "true",
) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose `columns` are kept in the table `former` when one of `changing` changes.

    `changed_when` and `kept_when` are SQL about OLD: which changes count, which versions anybody counted. A
    version that began and ended in one transaction was read by nobody, and is not kept; one that a later
    transaction ended at the same instant is, for its month to be counted again.
    """
    before, present = (", ".join(f"{row}.{name}" for name in changing) for row in ("OLD", "NEW"))
    changes = f"(({before}) IS DISTINCT FROM ({present}) AND {changed_when})"
    texts = {
        "former": former,
        "columns": ", ".join(columns),
        "values": ", ".join(f"OLD.{name}" for name in columns),
    }
    return [
        pgtrigger.Trigger(
            name="known_since",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(f"({changes} OR OLD.known_from IS DISTINCT FROM NEW.known_from)"),
            func=SINCE.format(changes=changes),
        ),
        pgtrigger.Trigger(
            name="past_kept",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Condition(
                f"({changes} AND {kept_when} AND (OLD.known_from, OLD.changed_xid)"
                " IS DISTINCT FROM (NEW.known_from, NEW.changed_xid))"
            ),
            func=KEEP.format(until="NEW.known_from", **texts),
        ),
        pgtrigger.Trigger(
            name="past_kept_gone",
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            condition=pgtrigger.Condition(f"({kept_when})"),
            func=KEEP.format(until="greatest(portal_now(), OLD.known_from)", **texts),
        ),
    ]
