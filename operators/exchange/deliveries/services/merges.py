"""When two files are made one, the operator's numbers of both name the one that is left (ADR 0036)."""

from collections.abc import Callable
from uuid import UUID

from beneficiaries.request.models import Beneficiary
from operators.casework.pathways.models import Pathway
from operators.exchange.deliveries.models import ExternalKey


def move_keys(*, absorbed: Beneficiary, kept: Beneficiary, note: Callable) -> None:
    """The person's numbers: the next delivery finds the person kept."""
    _rename(absorbed.uuid, kept.uuid, note)


def join_keys(*, pathway: Pathway, into: Pathway, note: Callable) -> None:
    """The pathway's numbers: a session sent for it joins the pathway kept, and no second entry is counted."""
    _rename(pathway.uuid, into.uuid, note)


def _rename(former: UUID, present: UUID, note: Callable) -> None:
    keys = ExternalKey.objects.select_for_update(of=("self",)).filter(target=former).order_by("pk")
    rows = list(keys.values_list("pk", flat=True))
    ExternalKey.objects.filter(pk__in=rows).update(target=present)
    note(ExternalKey, rows, {"target": former}, {"target": present})
