"""A delivery read, judged and written: all of what is good, or nothing when it breaks in the middle."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.db.utils import IntegrityError

from cep_portal.accounts.services import record
from operators.exchange.deliveries import selectors
from operators.exchange.deliveries.enums import DELIVERY_TRANSITIONS, DeliveryState, FileFormat
from operators.exchange.deliveries.errors import FileRefused
from operators.exchange.deliveries.hooks import tell_finished
from operators.exchange.deliveries.models import DataDelivery, RefusedLine
from operators.exchange.deliveries.rules import line_checks
from operators.exchange.deliveries.rules.headings import Line, Say
from operators.exchange.deliveries.rules.reading import read_lines
from operators.exchange.deliveries.services import storage
from operators.exchange.deliveries.services.checks import check_together
from operators.exchange.deliveries.services.staging import load_lines, rows
from operators.exchange.deliveries.services.writing import write_facts

TRIES = 3  # a booking made at the same instant may take what a check saw free
BATCH = 2_000
READ, CHECK, WRITE = "lecture", "vérification", "écriture"
FAILURE = "La lecture a échoué, rien n’a été écrit. Envoyez le fichier de nouveau, puis écrivez-nous."

logger = logging.getLogger(__name__)


def take_delivery(*, delivery_id: int, now: datetime) -> DataDelivery:
    """Read a waiting delivery to its end. Accepted lines are written together, in one transaction.

    Safe to run twice, or after a worker died in the middle: nothing had been written, it starts again. A file
    that cannot be read is refused with its reason; a failure of ours is kept as such and raised.
    """
    delivery, is_mine = _begin(delivery_id, now=now)
    if not is_mine:
        return delivery
    for attempt in range(1, TRIES + 1):
        try:
            return _take(delivery, now=now)
        except FileRefused as refusal:
            return _end_without(delivery, DeliveryState.REFUSED, str(refusal), now=now)
        except (IntegrityError, OperationalError):
            if attempt == TRIES:
                _end_without(delivery, DeliveryState.FAILED, FAILURE, now=now)
                raise
            logger.warning("delivery %s taken again", delivery.uuid, exc_info=True)
        except Exception:
            _end_without(delivery, DeliveryState.FAILED, FAILURE, now=now)
            raise
    return delivery


@transaction.atomic
def _begin(delivery_id: int, *, now: datetime) -> tuple[DataDelivery, bool]:
    locked = DataDelivery.objects.select_for_update(of=("self",)).get(pk=delivery_id)
    if DeliveryState.RUNNING not in DELIVERY_TRANSITIONS[DeliveryState(locked.state)]:
        return locked, False
    locked.state, locked.started_at, locked.finished_at, locked.reason = DeliveryState.RUNNING, now, None, ""
    locked.save(update_fields=["state", "started_at", "finished_at", "reason"])
    return locked, True


@transaction.atomic
def _end_without(delivery: DataDelivery, state: DeliveryState, reason: str, *, now: datetime) -> DataDelivery:
    delivery.refresh_from_db()
    if delivery.state != DeliveryState.RUNNING:  # another worker finished it
        return delivery
    delivery.state, delivery.reason, delivery.finished_at = state, reason[:300], now
    delivery.save(update_fields=["state", "reason", "finished_at"])
    record(
        action="operators.delivery.not_taken", target=delivery, by=None, data={"state": state.value}, now=now
    )
    tell_finished(delivery=delivery, now=now)
    if state == DeliveryState.REFUSED:
        transaction.on_commit(lambda: storage.destroy(delivery))
    return delivery


@transaction.atomic
def _take(delivery: DataDelivery, *, now: datetime) -> DataDelivery:
    _one_at_a_time(delivery)
    delivery.refresh_from_db()
    if delivery.state != DeliveryState.RUNNING:
        return delivery
    known = selectors.known_to(organisation_id=delivery.organisation_id, now=now)
    # Nothing asks the database while the copy runs: the connection is taken.
    delivery.remarks = []
    lines = _lines(delivery, say=delivery.remarks.append)
    load_lines(line_checks.check_line(number, cells, known) for number, cells in lines)
    _tell(delivery, CHECK, 100)
    is_csv = delivery.file_format == FileFormat.CSV
    check_together(organisation_id=delivery.organisation_id, now=now, is_csv=is_csv)
    if not delivery.is_trial:
        _tell(delivery, WRITE, 100)
        write_facts(delivery, now=now)
    _count(delivery)
    _keep_refused(delivery)
    delivery.state, delivery.finished_at = DeliveryState.DONE, now
    delivery.save()
    if not delivery.is_trial:
        counts = {"lines": delivery.line_count, "refused": delivery.refused_count}
        record(action="operators.delivery.taken", target=delivery, by=delivery.sent_by, data=counts, now=now)
    tell_finished(delivery=delivery, now=now)
    if not delivery.is_trial:  # what was checked may be sent from its page: forget_checked_files
        transaction.on_commit(lambda: storage.destroy(delivery))
    return delivery


def _one_at_a_time(delivery: DataDelivery) -> None:
    """Two deliveries of one operator wait for each other: the second finds what the first wrote."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('delivery', %s))", [delivery.organisation_id]
        )


def _lines(delivery: DataDelivery, step: str = READ, *, say: Say = lambda _remark: None) -> Iterator[Line]:
    return read_lines(
        storage.path_of(delivery),
        delivery.file_format,
        progress=lambda percent: _tell(delivery, step, percent),
        say=say,
    )


def _tell(delivery: DataDelivery, step: str, percent: int) -> None:
    cache.set(f"delivery:{delivery.uuid}", {"step": step, "percent": percent}, 3_600)


def _count(delivery: DataDelivery) -> None:
    row = rows(
        """
        SELECT count(*), count(*) FILTER (WHERE problems IS NOT NULL),
            count(*) FILTER (WHERE problems IS NULL AND status = 'NEW'),
            count(*) FILTER (WHERE problems IS NULL AND status = 'CHANGED'),
            count(*) FILTER (WHERE problems IS NULL AND status = 'SAME'),
            count(*) FILTER (WHERE problems IS NULL AND status = 'GONE'),
            count(*) FILTER (WHERE problems IS NULL AND kind = 'RENDEZ_VOUS' AND request IS NULL
                AND withdrawal IS NULL),
            count(*) FILTER (WHERE problems IS NULL AND kind = 'SEANCE' AND appointment IS NULL
                AND withdrawal IS NULL)
        FROM delivery_line
        """
    )[0]
    delivery.line_count, delivery.refused_count, delivery.new_count = row[:3]
    delivery.changed_count, delivery.same_count, delivery.withdrawn_count = row[3:6]
    empty = {"demande": row[6], "rendez_vous": row[7]}
    delivery.empty_fields = {name: count for name, count in empty.items() if count}
    delivery.refused_fields = dict(
        rows(
            """
            SELECT problem->>'field', count(*) FROM delivery_line, jsonb_array_elements(problems) AS problem
            WHERE problems IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
            """
        )
    )


def _keep_refused(delivery: DataDelivery) -> None:
    """The file is read a second time for the lines refused: no other is kept as it was sent."""
    if not delivery.refused_count:
        return
    refused = _refused_in_order()
    wanted = next(refused, None)
    batch: list[RefusedLine] = []
    for number, cells in _lines(delivery, WRITE):
        if wanted is None:
            break
        if number != wanted[0]:
            continue
        kept = line_checks.kept_cells(cells)
        batch.append(
            RefusedLine(
                delivery=delivery,
                number=number,
                person=kept[line_checks.PLACE["personne"]][:100],
                cells=kept,
                problems=wanted[1],
            )
        )
        wanted = next(refused, None)
        if len(batch) == BATCH:
            RefusedLine.objects.bulk_create(batch)
            batch = []
    RefusedLine.objects.bulk_create(batch)


def _refused_in_order() -> Iterator[tuple[int, list]]:
    after = -1
    while found := rows(
        "SELECT line, problems::text FROM delivery_line WHERE problems IS NOT NULL AND line > %(after)s"
        " ORDER BY line LIMIT 2000",
        {"after": after},
    ):
        yield from ((number, json.loads(problems)) for number, problems in found)
        after = found[-1][0]
