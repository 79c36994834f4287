"""Deliveries at once, and one whose worker dies: never twice, never by halves."""

import threading

import pytest
from django.db import connection

from beneficiaries.request.models import Beneficiary
from operators.casework.pathways.models import CounsellingSession
from operators.exchange.deliveries.models import DataDelivery, ExternalKey
from operators.exchange.deliveries.services import send_delivery, take_delivery, taking
from tests.factories.deliveries import NOW, csv_of, software

pytestmark = [pytest.mark.race, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def sent(operator, *lines, key=None):
    delivery, _ = send_delivery(
        organisation=operator.organisation,
        file_name="remontee.csv",
        pieces=[csv_of(*lines).encode()],
        is_trial=False,
        by=None,
        now=NOW,
        key=key,
    )
    return delivery


def test_same_lines_taken_by_several_workers_are_written_once(race, monkeypatch):
    monkeypatch.setattr(
        "operators.exchange.deliveries.services.sending.later", lambda *_name, **_kwargs: None
    )
    operator = software()
    # One blank line more in each: the same facts, other bytes.
    deliveries = [sent(operator, *operator.road(), *[{}] * count) for count in range(6)]

    race(*[lambda pk=delivery.pk: take_delivery(delivery_id=pk, now=NOW) for delivery in deliveries])

    counts = DataDelivery.objects.order_by("-new_count").values_list("new_count", "same_count")
    assert list(counts) == [(4, 0)] + [(0, 4)] * 5
    assert (CounsellingSession.objects.count(), Beneficiary.objects.count()) == (1, 1)
    assert ExternalKey.objects.count() == 6


def test_one_delivery_handed_to_several_workers_is_taken_once(race, monkeypatch):
    monkeypatch.setattr(
        "operators.exchange.deliveries.services.sending.later", lambda *_name, **_kwargs: None
    )
    operator = software()
    delivery = sent(operator, *operator.road())

    race(*[lambda: take_delivery(delivery_id=delivery.pk, now=NOW)] * 6)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.new_count) == ("DONE", 4)
    assert CounsellingSession.objects.count() == 1


def test_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_takes_all(monkeypatch):
    monkeypatch.setattr(
        "operators.exchange.deliveries.services.sending.later", lambda *_name, **_kwargs: None
    )
    operator = software()
    delivery = sent(operator, *operator.road())
    _die_before_the_end(delivery, monkeypatch)

    delivery.refresh_from_db()
    assert delivery.state == "RUNNING"
    assert not Beneficiary.objects.exists()
    assert not ExternalKey.objects.exists()

    take_delivery(delivery_id=delivery.pk, now=NOW)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.new_count) == ("DONE", 4)


def _die_before_the_end(delivery, monkeypatch):
    """Every fact is written, then the connection is cut under the worker, as by `kill -9`."""
    written = threading.Event()

    def cut(_delivery):
        assert CounsellingSession.objects.exists()
        written.set()
        connection.connection.close()
        raise SystemExit

    def work():
        with monkeypatch.context() as patch:
            patch.setattr(taking, "_count", cut)
            try:
                take_delivery(delivery_id=delivery.pk, now=NOW)
            except BaseException:  # noqa: BLE001 -- it died
                pass
            finally:
                connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert written.is_set()
