"""The months to count again: by the transactions that wrote (ADR 0067)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.utils import timezone

from operators.casework.pathways.models import CounsellingSession, FormerSession
from operators.moving.duplicates.services import undo_merge
from reporting.facts.selectors.changes import dirty_months, horizon
from reporting.facts.selectors.known import settled_at
from tests.clock import wall
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.duplicates import merged
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.dated]
JULY, AUGUST, SEPTEMBER, NOVEMBER = (date(2026, month, 1) for month in (7, 8, 9, 11))


def following() -> int:
    """The transaction after the present one: what is written from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        return int(cursor.fetchone()[0]) + 1


def test_old_and_new_month_and_that_of_the_request_are_counted_again():
    asked = ServiceRequestFactory(requested_at=wall("2026-07-31 23:30"))
    pathway = PathwayFactory(service_request=asked, entered_on=date(2026, 8, 5))
    held = CounsellingSessionFactory(
        pathway=pathway,
        starts_at=wall("2026-08-05 10:00"),
        appointment=AppointmentFactory(
            adviser=pathway.adviser,
            starts_at=wall("2026-08-05 10:00"),
            state="ATTENDED",
            service_request=asked,
            beneficiary=pathway.beneficiary,
        ),
    )
    since = following()
    assert dirty_months(since=since) == {}

    CounsellingSession.objects.filter(pk=held.pk).update(starts_at=wall("2026-07-01 00:30"))
    assert dirty_months(since=since) == {
        "session": {AUGUST, JULY},
        "request": {JULY},
        "pathway": {AUGUST},
    }

    since = following()
    CounsellingSession.objects.filter(pk=held.pk).delete()
    assert dirty_months(since=since) == {"session": {JULY}, "request": {JULY}, "pathway": {AUGUST}}


def test_a_merge_and_its_undoing_count_every_month_of_both_again():
    adviser = AdviserFactory()
    done = merged(adviser)
    for person, day in ((done.kept, "2026-08-05 10:00"), (done.kept, "2026-09-07 10:00")):
        CounsellingSessionFactory(
            pathway__adviser=adviser,
            pathway__beneficiary=person,
            pathway__state="CLOSED",
            pathway__closed_at=wall(day),
            pathway__outcome="NEED_MET",
            pathway__entered_on=wall(day).date(),
            starts_at=wall(day),
        )
    since = following()

    undo_merge(merge=done, by=adviser.user, now=done.merged_at)

    months = dirty_months(since=since)
    assert (months["session"], months["pathway"]) == ({AUGUST, SEPTEMBER}, {AUGUST, SEPTEMBER})
    assert months["request"] == {NOVEMBER}


def test_transaction_committed_after_the_run_began_is_not_missed():
    """It had dated its row from before the run: a watermark of clocks would have gone past it."""
    held = CounsellingSessionFactory(starts_at=wall("2026-08-05 10:00"))
    written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            CounsellingSession.objects.filter(pk=held.pk).update(level="TWO")
            written.set()
            assert may_end.wait(timeout=30)
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        under_way = pool.submit(slow)
        assert written.wait(timeout=30)
        run = horizon()
        seen = CounsellingSession.objects.get(pk=held.pk).level
        may_end.set()
        under_way.result(timeout=30)

    assert seen == "ONE"
    assert AUGUST in dirty_months(since=run)["session"]


def test_month_counted_while_somebody_writes_is_counted_the_same_again():
    """Whoever writes dates rows from its beginning: what is counted then stops just before."""
    held = CounsellingSessionFactory(starts_at=wall("2026-08-05 10:00"))
    written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            CounsellingSession.objects.filter(pk=held.pk).update(level="TWO")
            written.set()
            assert may_end.wait(timeout=30)
        connection.close()

    assert settled_at(timezone.now()) == timezone.now()
    with ThreadPoolExecutor(max_workers=1) as pool:
        under_way = pool.submit(slow)
        assert written.wait(timeout=30)
        now = timezone.now()
        instant = settled_at(now)
        may_end.set()
        under_way.result(timeout=30)

    assert instant < now == FormerSession.objects.get().known_until
