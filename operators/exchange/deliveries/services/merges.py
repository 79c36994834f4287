"""When two files are made one, the operator's numbers of both name the one that is left (ADR 0036)."""

from uuid import UUID

from operators.casework.pathways.hooks import Note, PathwayJoined, PersonMerged
from operators.exchange.deliveries.models import ExternalKey


def move_keys(merged: PersonMerged) -> None:
    """The person's numbers: the next delivery finds the person kept."""
    _rename(merged.absorbed.uuid, merged.kept.uuid, merged.note)


def join_keys(joined: PathwayJoined) -> None:
    """The pathway's numbers: a session sent for it joins the pathway kept, and no second entry is counted."""
    _rename(joined.pathway.uuid, joined.into.uuid, joined.note)


def _rename(former: UUID, present: UUID, note: Note) -> None:
    keys = ExternalKey.objects.select_for_update(of=("self",)).filter(target=former).order_by("pk")
    rows = list(keys.values_list("pk", flat=True))
    ExternalKey.objects.filter(pk__in=rows).update(target=present)
    note(ExternalKey, rows, {"target": former}, {"target": present})
