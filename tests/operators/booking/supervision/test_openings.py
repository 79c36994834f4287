"""Nobody knew there were no slots (RDV-I 1239, 1714, 2278, 2280, 2624): managers are asked each night."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.supervision import services, tasks
from operators.booking.supervision.enums import OpeningRequestState
from operators.booking.supervision.errors import RequestOver
from operators.booking.supervision.models import OpeningRequest
from operators.booking.supervision.selectors import lot_supply
from tests.clock import moved
from tests.factories.accounts import UserFactory
from tests.factories.operators import OpeningRuleFactory, SiteFactory, SlotDelayFactory
from tests.factories.procurement import ContractFactory
from tests.factories.supervision import OpeningRequestFactory, wait_for

pytestmark = pytest.mark.django_db
NIGHT = moved("2026-11-24 05:40")
ONE_A_WEEK = {"closes": time(10), "levels": ["ONE"], "modes": ["ON_SITE"]}


def count(now=NIGHT):
    return services.count_missing_slots(now=now)


def live():
    opening_requests = OpeningRequest.objects.open().order_by("pk")
    return [
        (request.site, request.level, request.mode, request.waiting, request.free, request.missing)
        for request in opening_requests
    ]


def test_a_request_asks_for_what_waits_less_what_is_free():
    """Two Mondays within fourteen days give two hours; five people wait."""
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=5)

    assert count() == 1

    assert live() == [(site, "ONE", "ON_SITE", 5, 2, 3)]
    assert AuditEvent.objects.get(action="operators.opening_request.asked").data == {"waiting": 5, "free": 2}


def test_nothing_is_asked_when_everybody_finds_a_slot():
    wait_for(OpeningRuleFactory(**ONE_A_WEEK).site, people=2)

    assert count() == 0


def test_slots_without_anybody_waiting_ask_for_nothing():
    OpeningRuleFactory()
    SiteFactory()

    assert (count(), live()) == (0, [])


def test_an_hour_counts_once_for_each_free_adviser():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    OpeningRuleFactory(adviser__site=site, **ONE_A_WEEK)
    wait_for(site, people=5)

    count()

    assert live() == [(site, "ONE", "ON_SITE", 5, 4, 1)]


def test_who_named_no_place_may_be_received_at_any_site_of_the_contract():
    contract = ContractFactory()
    for _ in range(2):
        OpeningRuleFactory(adviser__site=SiteFactory(contract=contract), **ONE_A_WEEK)
    wait_for(None, contract=contract, people=5)

    count()

    assert live() == [(None, "ONE", "ON_SITE", 5, 4, 1)]


def test_each_mode_and_level_has_its_own_request():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=1, mode="PHONE")
    wait_for(site, people=1, level="TWO")

    count()

    assert sorted(one[1:] for one in live()) == [("ONE", "PHONE", 1, 0, 1), ("TWO", "ON_SITE", 1, 0, 1)]


def test_a_second_night_counts_again_and_asks_once():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=5)
    count()
    wait_for(site, people=1)

    assert count(now=NIGHT + timedelta(days=1)) == 1

    assert live() == [(site, "ONE", "ON_SITE", 6, 2, 4)]
    assert OpeningRequest.objects.get().asked_at == NIGHT


def test_a_request_is_met_when_the_slots_are_opened():
    rule = OpeningRuleFactory(**ONE_A_WEEK)
    wait_for(rule.site, people=4)
    count()
    OpeningRuleFactory(adviser=rule.adviser, **{**ONE_A_WEEK, "weekday": 3})

    services.follow_opening_requests(now=NIGHT + timedelta(hours=5))

    request = OpeningRequest.objects.get()
    assert (request.state, request.closed_at, request.missing) == ("MET", NIGHT + timedelta(hours=5), 0)
    assert AuditEvent.objects.filter(action="operators.opening_request.met").count() == 1


def test_during_the_day_requests_are_followed_and_none_is_asked():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=5)

    services.follow_opening_requests(now=NIGHT)

    assert live() == []


def test_a_manager_closes_with_a_reason_and_is_not_asked_again_for_a_week():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=5)
    count()
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)

    closed = services.close_opening_request(
        request=OpeningRequest.objects.get(), reason="NO_ADVISER", by=manager, now=NIGHT
    )

    assert (closed.state, closed.closed_by, closed.reason) == (
        OpeningRequestState.CLOSED,
        manager,
        "NO_ADVISER",
    )
    assert [count(now=NIGHT + timedelta(days=day)) for day in (1, 6, 7)] == [0, 0, 1]
    assert AuditEvent.objects.get(action="operators.opening_request.closed").actor == manager


@pytest.mark.parametrize("end", ["met", "closed"])
def test_what_is_over_is_not_closed_again(end):
    request = OpeningRequestFactory(**{end: True})

    with pytest.raises(RequestOver, match="déjà"):
        services.close_opening_request(request=request, reason="CALLED", by=UserFactory(), now=NIGHT)


def test_managers_get_one_digest_a_day_and_only_those_of_the_operator():
    site = OpeningRuleFactory(**ONE_A_WEEK, adviser__site__name="Rennes Centre").site
    wait_for(site, people=5)
    wait_for(site, people=1, mode="PHONE")
    holder = {"role__organisation": site.contract.holder}
    manager = UserFactory(role=Role.OPERATOR_MANAGER, **holder)
    UserFactory(role=Role.ADVISER, **holder)
    UserFactory(role=Role.OPERATOR_MANAGER)

    count()
    count(now=NIGHT + timedelta(hours=1))

    message = Message.objects.get()
    assert (message.recipient, message.subject, message.kind) == (
        manager.email,
        "Créneaux à ouvrir : 4",
        "STAFF",
    )
    assert "- Rennes Centre, niveau 1, sur place : 3 à ouvrir (5 en attente, 2 libres)" in message.body
    assert "/bureau/capacite/" in message.body


def test_no_digest_when_nothing_is_missing():
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=site.contract.holder)

    count()

    assert Message.objects.count() == 0


@pytest.mark.parametrize("sites", [1, 4])
def test_statements_do_not_grow_with_the_sites(django_assert_max_num_queries, sites):
    contract = ContractFactory()
    for _ in range(sites):
        wait_for(
            OpeningRuleFactory(adviser__site=SiteFactory(contract=contract), **ONE_A_WEEK).site, people=1
        )

    # contracts; savepoint, lock, three of waiting, live, silent, one of slots, release; digest; total
    with django_assert_max_num_queries(15):
        count()


def test_the_tasks_read_the_clock(clock):
    site = OpeningRuleFactory(**ONE_A_WEEK).site
    wait_for(site, people=5)
    clock.move_to(NIGHT)

    tasks.count_missing_slots(newer=1)
    tasks.follow_opening_requests(newer=1)

    assert OpeningRequest.objects.get().counted_at == NIGHT


def test_steering_reads_delays_and_requests_of_each_contract_and_nobody(django_assert_num_queries):
    contract = ContractFactory()
    for days in (3, 9, 30):
        SlotDelayFactory(
            site=SiteFactory(contract=contract), first_days=days, second_days=days + 1, third_days=days + 2
        )
    SlotDelayFactory(site=SiteFactory(contract=contract), mode="PHONE", empty=True)
    OpeningRequestFactory(site=contract.sites.first())
    SiteFactory(contract=ContractFactory(ends_on=datetime(2026, 10, 1, tzinfo=UTC).date()))

    with django_assert_num_queries(4):
        lot_supplies = lot_supply(now=NIGHT)

    (supply,) = lot_supplies
    assert (supply.contract, supply.sites, supply.without_slot, supply.requests) == (contract, 4, 1, 1)
    assert supply.first_days == {"ON_SITE": 9, "PHONE": None, "VIDEO": None}
