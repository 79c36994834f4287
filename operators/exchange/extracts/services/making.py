import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.documents.gateways import storage
from operators.exchange.extracts import rules
from operators.exchange.extracts.enums import ExtractState, TableFormat
from operators.exchange.extracts.gateways.writing import write_table
from operators.exchange.extracts.models import Extract
from operators.exchange.extracts.selectors.tables import Line, Table, table_of
from operators.exchange.extracts.services.asking import locked
from operators.exchange.extracts.services.messages import tell_failed, tell_ready

STALLED = timedelta(minutes=45)  # longer than a task may last
STEP = 5_000  # lines between two words of progress


def make_extract(*, extract_id: int, now: datetime) -> Extract | None:
    """Write the file of a granted request and keep it two days; None when another worker writes it.

    One already made is left alone. A failure is kept and told to who asked, then raised.
    """
    extract = _begun(extract_id, now=now)
    if extract is None:
        return None
    try:
        return _made(extract, now=now)
    except Exception:
        _failed(extract, now=now)
        raise


def _made(extract: Extract, *, now: datetime) -> Extract:
    path = storage.new_place(folder="extracts")
    try:
        _write(extract, storage.whole_path(path))
        return _kept(extract, path, now=now)
    except Exception:
        storage.destroy(path)
        raise


@transaction.atomic
def _begun(extract_id: int, *, now: datetime) -> Extract | None:
    extract = locked(extract_id)
    is_taken = extract.started_at is not None and extract.started_at > now - STALLED
    if extract.state != ExtractState.GRANTED or is_taken:
        return None
    table = table_of(extract.kind)
    extract.started_at, extract.lines_done, extract.line_count = now, 0, table.count(extract)
    extract.save(update_fields=["started_at", "lines_done", "line_count"])
    return extract


def _write(extract: Extract, path: Path) -> None:
    if extract.file_format == TableFormat.XLSX and extract.line_count > rules.SHEET_LINES:
        raise ValueError("more lines than a sheet holds")
    table = table_of(extract.kind)
    lines = _told(extract, table)
    write_table(path, heading=table.heading, lines=lines, file_format=extract.file_format)


def _told(extract: Extract, table: Table) -> Iterator[Line]:
    """The lines, with a word of progress now and then."""
    done = 0
    for line in table.lines(extract):
        yield line
        done += 1
        if done % STEP == 0:
            Extract.objects.filter(pk=extract.pk).update(lines_done=done)
    extract.line_count = extract.lines_done = done


@transaction.atomic
def _kept(made: Extract, path: str, *, now: datetime) -> Extract:
    extract = locked(made.pk)
    if not extract.may_become(ExtractState.READY) or extract.started_at != made.started_at:
        storage.destroy(path)  # another worker was handed it meanwhile
        return extract
    whole = storage.whole_path(path)
    with whole.open("rb") as file:
        extract.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    extract.size_bytes, extract.path = whole.stat().st_size, path
    extract.line_count = extract.lines_done = made.lines_done
    extract.state = ExtractState.READY
    extract.made_at, extract.expires_at = now, now + rules.KEPT_FOR
    extract.save(
        update_fields=[
            *("state", "path", "size_bytes", "sha256", "line_count", "lines_done", "made_at", "expires_at"),
        ]
    )
    record(
        action="operators.extract.made", target=extract, by=None, data={"lines": extract.line_count}, now=now
    )
    tell_ready(extract, now=now)
    return extract


@transaction.atomic
def _failed(made: Extract, *, now: datetime) -> None:
    extract = locked(made.pk)
    if extract.may_become(ExtractState.FAILED) and extract.started_at == made.started_at:
        extract.state = ExtractState.FAILED
        extract.save(update_fields=["state"])
        record(action="operators.extract.failed", target=extract, by=None, now=now)
        tell_failed(extract, now=now)


def resume_extracts(*, now: datetime) -> int:
    """Hand again the granted requests that nobody writes any more; returns how many."""
    lost = Extract.objects.filter(state=ExtractState.GRANTED).filter(
        Q(started_at__isnull=True, judged_at__lt=now - timedelta(minutes=10))
        | Q(started_at__lte=now - STALLED)
    )
    pks = list(lost.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        later(TaskName.MAKE_EXTRACT, extract_id=pk)
    return len(pks)
