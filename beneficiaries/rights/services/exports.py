from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.guard import lock_holder
from beneficiaries.rights import notices, rules
from beneficiaries.rights.enums import ExportState
from beneficiaries.rights.models import DataExport
from beneficiaries.rights.services.archive import build_archive, step_count
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from cep_portal.documents.services import destroy_file, issue_document


@transaction.atomic
def ask_export(*, beneficiary: Beneficiary, now: datetime, by: User) -> DataExport:
    """Ask for the copy of one's data (RGPD, articles 15 and 20); Celery makes it.

    A copy under way or ready is given back instead of a second one. A broker that is down fails nobody: the
    copy is then said failed after ten minutes, and may be asked again.
    """
    person = lock_holder(beneficiary)
    latest = person.data_exports.order_by("-asked_at", "-pk").first()
    if latest and latest.state(now=now) in (ExportState.RUNNING, ExportState.READY):
        return latest
    export = DataExport.objects.create(beneficiary=person, asked_at=now, step_count=step_count())
    record(action="beneficiaries.export.asked", target=export, by=by, now=now)
    later(TaskName.BUILD_EXPORT, export_id=export.pk)
    return export


def build_export(*, export_id: int, now: datetime) -> DataExport:
    """Make a copy that was asked for; one already made is left alone. A failure is kept, and raised."""
    export = DataExport.objects.select_related("beneficiary").get(pk=export_id)
    if export.document_id is not None or export.beneficiary.erased_at is not None:
        return export
    try:
        content = build_archive(
            beneficiary=export.beneficiary,
            now=now,
            step=lambda done: DataExport.objects.filter(pk=export_id).update(steps_done=done),
        )
        return _store(export_id, content, now)
    except Exception:
        DataExport.objects.filter(pk=export_id).update(failed_at=now)
        raise


@transaction.atomic
def _store(export_id: int, content: bytes, now: datetime) -> DataExport:
    export = (
        DataExport.objects.select_for_update(of=("self",)).select_related("beneficiary").get(pk=export_id)
    )
    if export.document_id is not None:
        return export
    export.document = issue_document(
        kind="beneficiaries.export",
        title="Copie de données personnelles",
        file_name=f"mes-donnees-{now:%Y-%m-%d}.zip",
        content=content,
        now=now,
    )
    export.expires_at, export.failed_at = now + rules.EXPORT_KEPT_FOR, None
    export.save(update_fields=["document", "expires_at", "failed_at"])
    record(action="beneficiaries.export.built", target=export, by=None, now=now)
    notices.tell_export(export, now=now)
    return export


def withdraw_exports(*, now: datetime) -> int:
    """Destroy the files of the copies over for good; returns how many. Safe to run twice."""
    over = DataExport.objects.filter(withdrawn_at__isnull=True, expires_at__lte=now)
    return withdraw(over, now=now)


@transaction.atomic
def withdraw(exports: Any, *, now: datetime) -> int:
    """Mark copies withdrawn and destroy their files once that is written; also those marked before."""
    found = list(exports.select_related("document"))
    for export in found:
        if export.withdrawn_at is None:
            export.withdrawn_at = now
            export.save(update_fields=["withdrawn_at"])
        if export.document is not None:
            transaction.on_commit(partial(destroy_file, export.document))
    return len(found)
