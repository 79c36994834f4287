"""Two advisers who receive together: lesson 27 (RDV-SP 1845, 1846)."""

from datetime import time, timedelta

import pytest
from django.db import IntegrityError, transaction

from operators.booking.agenda import services
from operators.booking.agenda.errors import AbsenceOverBookings, SlotTaken
from operators.booking.agenda.models import AdviserTime
from operators.booking.agenda.selectors import free_slots, slot_at
from operators.booking.agenda.services import WantedSlot
from tests.factories.operators import (
    AbsenceFactory,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
)
from tests.operators.booking.agenda.clock import NOW, at, hours

pytestmark = pytest.mark.django_db
NINE, QUARTER_PAST_TEN = "2026-11-30 09:00", "2026-11-30 10:15"


@pytest.fixture
def pair():
    """A rule whose adviser receives with a colleague of the same place."""
    lead = AdviserFactory()
    return OpeningRuleFactory(adviser=lead, second_adviser=AdviserFactory(site=lead.site))


def free(rule):
    return hours(rule.site.contract)


def hold(rule, start=NINE):
    return services.hold_slot(
        service_request=None,
        contract=rule.site.contract,
        wanted=WantedSlot(site=rule.site, starts_at=at(start), level="ONE", mode="ON_SITE"),
        now=NOW,
    )


def test_pair_is_free_when_both_are_rdvsp_1845(pair):
    assert free(pair) == [NINE, QUARTER_PAST_TEN]


@pytest.mark.parametrize("who", ["adviser", "second_adviser"])
def test_pair_is_taken_when_one_is_booked(pair, who):
    AppointmentFactory(adviser=getattr(pair, who), site=pair.site)

    assert free(pair) == [QUARTER_PAST_TEN]


@pytest.mark.parametrize("who", ["adviser", "second_adviser"])
def test_pair_is_away_when_one_is(pair, who):
    AbsenceFactory(adviser=getattr(pair, who))

    assert free(pair) == [QUARTER_PAST_TEN]


def test_pair_whose_second_left_receives_nobody(pair):
    pair.second_adviser.is_active = False
    pair.second_adviser.save()

    assert free(pair) == []


def test_hold_of_a_pair_takes_the_time_of_both_rdvsp_1846(pair):
    held = hold(pair)

    assert (held.adviser, held.second_adviser) == (pair.adviser, pair.second_adviser)
    taken = AdviserTime.objects.filter(source=held.uuid).order_by("adviser")
    assert [busy.adviser_id for busy in taken] == sorted([pair.adviser_id, pair.second_adviser_id])
    assert free(pair) == [QUARTER_PAST_TEN]
    with pytest.raises(SlotTaken):
        hold(pair)


def test_second_adviser_cannot_be_sold_twice_even_in_raw_sql(pair):
    hold(pair)

    with pytest.raises(IntegrityError, match="adviser_time_never_twice"), transaction.atomic():
        AppointmentFactory(adviser=pair.second_adviser, site=pair.site)


def test_adviser_alone_goes_before_the_pair(pair):
    """The same hour alone or together: alone takes less of everybody's time."""
    OpeningRuleFactory(adviser=pair.adviser)

    slot = slot_at(site=pair.site, starts_at=at(NINE), level="ONE", mode="ON_SITE", now=NOW)

    assert (slot.adviser_ids, slot.second_ids) == ((pair.adviser_id,), (None,))


def test_slot_tells_with_whom_each_adviser_receives(pair):
    alone = OpeningRuleFactory(adviser__site=pair.site)

    slots = free_slots(contract=pair.site.contract, starts=NOW, ends=NOW + timedelta(10), now=NOW)

    assert {(slot.adviser_ids, slot.second_ids) for slot in slots} == {
        ((pair.adviser_id, alone.adviser_id), (pair.second_adviser_id, None))
    }


def test_absence_of_the_second_adviser_counts_booked_sessions_too(pair):
    booked = AppointmentFactory(adviser=pair.adviser, second_adviser=pair.second_adviser, site=pair.site)

    with pytest.raises(AbsenceOverBookings) as refusal:
        services.lay_absence(
            adviser=pair.second_adviser,
            starts_at=at("2026-11-30 00:00"),
            ends_at=at("2026-12-01 00:00"),
            by=pair.second_adviser.user,
            now=NOW,
        )

    assert refusal.value.appointments == (booked,)


def test_pair_of_one_person_is_refused_by_the_database():
    rule = OpeningRuleFactory(opens=time(9))

    with pytest.raises(IntegrityError, match="opening_two_advisers_differ"), transaction.atomic():
        type(rule).objects.filter(pk=rule.pk).update(second_adviser=rule.adviser)
