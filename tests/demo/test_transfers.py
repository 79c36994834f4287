"""The transfers of the demonstration, between two operators that a test lays."""

from collections import Counter

import pytest
from django.utils import timezone

from cep_portal.demo.dataset.transfers import build_transfers
from operators.moving.transfers.models import Transfer
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.transfers import receiving_adviser

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return AdviserFactory(user__email="conseil@operateurs.example")


def test_each_step_of_a_transfer_is_shown(adviser):
    other = receiving_adviser()
    for one, count in ((adviser, 5), (other, 3)):
        for _ in range(count):
            CounsellingSessionFactory(pathway=PathwayFactory(adviser=one))

    build_transfers(now=timezone.now())

    holder = adviser.site.contract.holder
    assert Counter(
        Transfer.objects.filter(contract__holder=holder).values_list("state", flat=True)
    ) == Counter(SENT=1, RECEIVED=1)
    assert Counter(
        Transfer.objects.exclude(contract__holder=holder).values_list("state", flat=True)
    ) == Counter(PREPARED=1, CONSENTED=1, SENT=1, RECEIVED=1)


def test_alone_nobody_is_transferred(adviser):
    CounsellingSessionFactory(pathway=PathwayFactory(adviser=adviser))

    build_transfers(now=timezone.now())

    assert not Transfer.objects.exists()
