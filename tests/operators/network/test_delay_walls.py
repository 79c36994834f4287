"""The series of delays is written once: the database refuses what the measure would never write."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from operators.network.models import SlotDelay
from tests.factories.operators import SlotDelayFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sql", ["UPDATE operators_slotdelay SET free_count = 11", "DELETE FROM operators_slotdelay"]
)
def test_a_measure_is_never_rewritten(sql):
    SlotDelayFactory()

    with connection.cursor() as cursor, pytest.raises(ProgrammingError, match="Cannot update or delete"):
        cursor.execute(sql)


def test_a_night_is_measured_once_for_a_site_a_level_and_a_mode():
    measure = SlotDelayFactory()
    SlotDelayFactory(site=measure.site, mode="PHONE")

    with pytest.raises(IntegrityError, match="slot_delay_once_a_night"), transaction.atomic():
        SlotDelayFactory(site=measure.site)

    assert SlotDelay.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"first_at": None, "first_days": None, "free_count": 0}, "slot_delay_ranks_ordered"),
        ({"second_at": None, "second_days": None}, "slot_delay_ranks_ordered"),
        ({"second_days": 4}, "slot_delay_ranks_ordered"),
        ({"third_days": 6}, "slot_delay_ranks_ordered"),
        ({"third_at": None}, "slot_delay_days_with_instants"),
        ({"free_count": 0}, "slot_delay_counts_fit"),
        ({"after_18_count": 11}, "slot_delay_counts_fit"),
        ({"empty": True, "free_count": 3}, "slot_delay_counts_fit"),
    ],
)
def test_a_measure_that_contradicts_itself_is_refused(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SlotDelayFactory(**wrong)


def test_a_measure_may_find_one_slot_or_none():
    SlotDelayFactory(second_at=None, second_days=None, third_at=None, third_days=None, free_count=1)
    SlotDelayFactory(empty=True)

    assert SlotDelay.objects.count() == 2
