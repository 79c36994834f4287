import hashlib
from datetime import datetime
from pathlib import Path

from django.db import transaction

from cep_portal.accounts.models import User
from cep_portal.accounts.services import record, record_opening
from cep_portal.documents.gateways import storage
from operators.exchange.extracts.enums import ExtractState
from operators.exchange.extracts.errors import FileOver
from operators.exchange.extracts.models import Extract


@transaction.atomic
def take_extract(*, extract: Extract, by: User, now: datetime) -> Path:
    """Where the file is, for who asked and for nobody else; the journal says that it was taken.

    Raises FileOver from the 48th hour on, or when there is no file. ValueError when the bytes changed.
    """
    if extract.asked_by_id != by.pk or extract.shown_state(now=now) != ExtractState.READY:
        raise FileOver("Ce fichier n’est plus disponible.")
    if not storage.exists(extract.path):  # a restore brings rows back, not these files
        raise FileOver("Ce fichier n’est plus disponible : refaites la demande.")
    path = storage.whole_path(extract.path)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != extract.sha256:
            raise ValueError(f"extract {extract.uuid} was altered")
    record_opening(target=extract, by=by, now=now)
    return path


def destroy_extracts(*, now: datetime) -> int:
    """Destroy the files whose two days are over; returns how many. Safe to run twice."""
    over = Extract.objects.filter(state=ExtractState.READY, expires_at__lte=now).order_by("pk")
    pks = list(over.values_list("pk", flat=True))
    return sum(_destroy(pk, now=now) for pk in pks)


@transaction.atomic
def _destroy(pk: int, *, now: datetime) -> bool:
    extract = Extract.objects.select_for_update(of=("self",)).get(pk=pk)
    if extract.state != ExtractState.READY:
        return False
    path, extract.state, extract.path = extract.path, ExtractState.OVER, ""
    extract.save(update_fields=["state", "path"])
    record(action="operators.extract.destroyed", target=extract, by=None, now=now)
    transaction.on_commit(lambda: storage.destroy(path))
    return True
