"""The list of hours: lessons 10 to 13 and 30."""

from datetime import time, timedelta

import pytest

from operators.booking.agenda.selectors import slot_times
from tests.benchmarks.team import large_team
from tests.factories.operators import OpeningRuleFactory, SiteFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("advisers", [10, 1000])
def test_list_is_one_query_for_ten_or_a_thousand_advisers_rdvsp_1838(django_assert_num_queries, advisers):
    """Lessons 10, 11 and 13: the union of hours first, the adviser at the hold (cal.com 5277, 11134)."""
    contract = ContractFactory()
    CommuneFactory()
    large_team(contract=contract, advisers=advisers, now=NOW, filled=False)

    with django_assert_num_queries(1):
        times = slot_times(contract=contract, starts=NOW, ends=NOW + timedelta(weeks=8), now=NOW)

    starts = [one.starts_at for one in times]
    assert starts == sorted(set(starts))
    assert len(starts) >= 200


def test_list_stops_at_the_line_wanted():
    contract = OpeningRuleFactory().site.contract

    found = slot_times(contract=contract, starts=NOW, ends=NOW + timedelta(weeks=8), now=NOW, most=3)

    assert len(found) == 3


def test_hour_stands_at_the_first_place_that_has_it_rdvsp_3402():
    """Lesson 30: times, not adviser times place; each place with `each_site`."""
    near = OpeningRuleFactory(closes=time(10)).site
    far = SiteFactory(contract=near.contract)
    OpeningRuleFactory(adviser__site=far, closes=time(11, 15))
    asked = {"contract": near.contract, "starts": NOW, "ends": NOW + timedelta(10), "now": NOW}

    nearest = slot_times(**asked, sites=[near.pk, far.pk])
    every = slot_times(**asked, sites=[near.pk, far.pk], each_site=True)

    assert [one.site_id for one in nearest] == [near.pk, far.pk]
    assert [one.site_id for one in every] == [near.pk, far.pk, far.pk]
