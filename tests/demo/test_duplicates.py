"""The duplicates of the demonstration: one pair to compare, one made one that can be undone."""

import pytest
from django.utils import timezone

from cep_portal.demo.dataset.duplicates import build_duplicates
from operators.moving.duplicates.models import DuplicatePair, PersonMerge
from tests.factories.operators import AdviserFactory, PathwayFactory

pytestmark = pytest.mark.django_db


def test_one_pair_waits_and_one_is_made_one():
    adviser = AdviserFactory(user__email="conseil@operateurs.example")
    for number in (1, 2):
        PathwayFactory(adviser=adviser, beneficiary__phone=f"06 39 98 00 0{number}")

    build_duplicates(now=timezone.now())

    assert DuplicatePair.objects.get().alike == ["PHONE", "NAME", "COMMUNE"]
    assert PersonMerge.objects.get().undone_at is None


def test_without_anybody_to_follow_there_is_none():
    AdviserFactory(user__email="conseil@operateurs.example")

    build_duplicates(now=timezone.now())

    assert not PersonMerge.objects.exists()
