import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from cep_portal.accounts.models import Organisation, User
from cep_portal.accounts.services import record
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName
from operators.exchange.deliveries.enums import DeliveryState
from operators.exchange.deliveries.errors import FileRefused, KeyReused
from operators.exchange.deliveries.models import DataDelivery, RefusedLine
from operators.exchange.deliveries.rules.reading import format_of
from operators.exchange.deliveries.services import storage

FILE_KEPT_FOR = timedelta(days=1)  # of a check, so that it is sent without being chosen again
LOOKED_BACK = timedelta(days=60)  # a server may have been off for long
STALLED = timedelta(minutes=45)  # longer than a task may last


@transaction.atomic
def send_delivery(
    *,
    organisation: Organisation,
    file_name: str,
    pieces: Iterable[bytes],
    is_trial: bool,
    by: User | None,
    now: datetime,
    software: str = "",
    key: uuid.UUID | None = None,
) -> tuple[DataDelivery, bool]:
    """Keep the file and have it read; returns the delivery, and False when it was already there.

    The same `key` is the same delivery; the same bytes sent while they are read (a double click) too.
    Raises FileRefused when no format fits the name, FileTooBig, KeyReused when the key came with other bytes.
    """
    delivery = DataDelivery(
        organisation=organisation,
        is_trial=is_trial,
        sent_at=now,
        sent_by=by,
        software=software[:80],
        idempotency_key=key,
        file_name=file_name[-120:],
        file_format=format_of(file_name),
    )
    storage.store(delivery, pieces)
    known = _already_there(delivery)
    if known is not None:
        storage.destroy(delivery)
        return known, False
    delivery.save(force_insert=True)
    record(
        action="operators.delivery.sent",
        target=delivery,
        by=by,
        data={"trial": is_trial, "sha256": delivery.sha256, "software": software},
        now=now,
    )
    later(TaskName.TAKE_DELIVERY, delivery_id=delivery.pk)
    return delivery, True


@transaction.atomic
def send_checked(*, trial: DataDelivery, by: User, now: datetime) -> tuple[DataDelivery, bool]:
    """Send for good the file that a check read, without choosing it again; the check keeps its report.

    Raises FileRefused when the file is no longer kept (FILE_KEPT_FOR), and what send_delivery raises.
    """
    if not trial.is_trial or trial.state != DeliveryState.DONE:
        raise FileRefused("Seul un fichier vérifié s’envoie d’ici.")
    sent = send_delivery(
        organisation=trial.organisation,
        file_name=trial.file_name,
        pieces=storage.pieces_of(trial),
        is_trial=False,
        by=by,
        now=now,
    )
    transaction.on_commit(lambda: storage.destroy(trial))
    return sent


def forget_checked_files(*, now: datetime) -> int:
    """Destroy the files that were checked and not sent within a day; returns how many."""
    old = DataDelivery.objects.filter(
        is_trial=True, finished_at__range=(now - LOOKED_BACK, now - FILE_KEPT_FOR)
    )
    kept = [trial for trial in old.order_by("pk") if storage.is_kept(trial)]
    for trial in kept:
        storage.destroy(trial)
    return len(kept)


def _already_there(delivery: DataDelivery) -> DataDelivery | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('sending', %s))", [delivery.organisation_id]
        )
    own = DataDelivery.objects.filter(organisation=delivery.organisation_id, is_trial=delivery.is_trial)
    if delivery.idempotency_key is not None:
        same_key = own.filter(idempotency_key=delivery.idempotency_key).first()
        if same_key is not None and same_key.sha256 != delivery.sha256:
            raise KeyReused("Cette clé d’idempotence a déjà servi pour un autre contenu.")
        return same_key
    under_way = own.filter(state__in=DeliveryState.under_way, sha256=delivery.sha256)
    return under_way.order_by("-sent_at", "-pk").first()


def resume_deliveries(*, now: datetime) -> int:
    """Hand again the deliveries that nobody reads any more: their worker or their message was lost."""
    lost = DataDelivery.objects.filter(state__in=DeliveryState.under_way, sent_at__lt=now - STALLED)
    lost = lost.exclude(started_at__gt=now - STALLED)
    pks = list(lost.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        later(TaskName.TAKE_DELIVERY, delivery_id=pk)
    return len(pks)


@transaction.atomic
def forget_refused_lines(*, now: datetime, days: int) -> int:
    """Delete refused lines after their days: the counts stay, what the operator sent does not."""
    old = RefusedLine.objects.filter(delivery__sent_at__lt=now - timedelta(days=days))
    deleted, _ = old.delete()
    return deleted
