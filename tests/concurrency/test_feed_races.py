"""The feed of changes while transactions end in another order than they began: nothing is missed."""

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from beneficiaries.request.models import ServiceRequest
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import ApiClientFactory, SiteFactory
from tests.operators.exchange.software.calls import url, wait_until_told
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
STATES = ["REGISTERED", "SCHEDULED"]


@pytest.fixture
def contract():
    return SiteFactory().contract


@pytest.fixture
def api(contract):
    return signed_api(ApiClientFactory(organisation=contract.holder, scopes=["REQUESTS_READ"]))


def asked(contract):
    return ServiceRequestFactory(contract=contract, beneficiary=BeneficiaryFactory())


def follow(api, mark, *, limit=2):
    """What changed since a mark, (reference, state) in order, and the mark to give the next time."""
    told, address = [], f"{url('requests')}?limit={limit}&mark={mark}"
    while address:
        answer = api.get(address).json()
        told += [(row["reference"], row["state"]) for row in answer["results"]]
        address = answer["next"]
    return told, answer["mark"]


def test_row_committed_after_a_later_one_is_told(api, contract):
    """The reader polls between: by a key or a clock it would have gone past the slow row for ever."""
    written, may_end = threading.Event(), threading.Event()
    slow_one = []

    def slow():
        with transaction.atomic():
            slow_one.append(asked(contract).reference)
            written.set()
            assert may_end.wait(timeout=30)
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        under_way = pool.submit(slow)
        assert written.wait(timeout=30)
        quick = asked(contract).reference
        between, mark = follow(api, "")
        may_end.set()
        under_way.result(timeout=30)

    wait_until_told()
    after, last = follow(api, mark)
    assert [reference for reference, _ in between + after].count(slow_one[0]) == 1
    assert sorted(reference for reference, _ in between + after) == sorted([slow_one[0], quick])
    assert follow(api, last)[0] == []


def test_correction_committed_late_is_told_once_more(api, contract):
    first, second = asked(contract), asked(contract)
    wait_until_told()
    before, mark = follow(api, "")
    written, may_end = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            ServiceRequest.objects.filter(pk=first.pk).update(state="SCHEDULED")
            written.set()
            assert may_end.wait(timeout=30)
        connection.close()

    with ThreadPoolExecutor(max_workers=1) as pool:
        under_way = pool.submit(slow)
        assert written.wait(timeout=30)
        ServiceRequest.objects.filter(pk=second.pk).update(state="SCHEDULED")
        between, mark = follow(api, mark)
        may_end.set()
        under_way.result(timeout=30)
    wait_until_told()
    after, _ = follow(api, mark)

    assert len(before) == 2
    assert Counter(between + after) == Counter(
        [(first.reference, "SCHEDULED"), (second.reference, "SCHEDULED")]
    )


def test_reader_among_five_writers_ends_with_what_is_written(api, contract):
    over = threading.Event()
    writes = Counter()

    def write(seed):
        dice = random.Random(seed)
        for _ in range(6):
            with transaction.atomic():
                row = asked(contract)
                over.wait(dice.random() / 20)
            writes[row.reference] += 1
            with transaction.atomic():
                ServiceRequest.objects.filter(pk=row.pk).update(state=dice.choice(STATES))
                over.wait(dice.random() / 20)
            writes[row.reference] += 1
        connection.close()

    told, mark = [], ""
    with ThreadPoolExecutor(max_workers=5) as pool:
        writers = [pool.submit(write, seed) for seed in range(5)]
        while not all(writer.done() for writer in writers):
            news, mark = follow(api, mark, limit=3)
            told += news
        for writer in writers:
            writer.result()
    wait_until_told()
    told += follow(api, mark)[0]

    assert dict(told) == dict(ServiceRequest.objects.values_list("reference", "state"))
    assert len(told) >= 30
    assert {
        row: (count, writes[row])
        for row, count in Counter(row for row, _ in told).items()
        if count > writes[row]
    } == {}
