"""See capacity before it bites (cal 14642): the manager's page, and what steering reads of it."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.booking.supervision.models import OpeningRequest
from tests.factories.accounts import UserFactory
from tests.factories.operators import (
    AppointmentFactory,
    OpeningRuleFactory,
    SiteFactory,
    SlotDelayFactory,
)
from tests.factories.procurement import ContractFactory
from tests.factories.supervision import OpeningRequestFactory, wait_for
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present(clock):
    clock.move_to(NOW)


def as_manager(client, contract):
    manager = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)
    client.force_login(manager)
    return manager


def test_capacity_counts_free_and_booked_places_by_site_and_week(client):
    rule = OpeningRuleFactory()  # Mondays, two hours of 60 + 15 minutes
    AppointmentFactory(adviser=rule.adviser, starts_at=at("2026-11-30 09:00"))
    wait_for(rule.site, people=2)
    OpeningRequestFactory(site=rule.site)
    OpeningRuleFactory()  # another operator's
    as_manager(client, rule.site.contract)

    (row,) = client.get(reverse("operators:capacity")).context["rows"]

    assert (row.site, row.waiting, row.missing) == (rule.site, 2, 2)
    assert [(week.free, week.open) for week in row.weeks[:3]] == [(0, 0), (1, 2), (2, 2)]
    assert row.weeks[1].monday == at("2026-11-30 09:00").date()


def test_capacity_shows_what_must_be_opened_with_its_age(client):
    request = OpeningRequestFactory(waiting=7, free=3, asked_at=NOW - timedelta(days=4))
    as_manager(client, request.contract)

    page = client.get(reverse("operators:capacity")).content.decode()

    assert "4 jours" in page
    assert reverse("operators:opening_request_close", args=[request.uuid]) in page


def test_capacity_names_the_offers_where_nothing_is_free_soon(client):
    contract = ContractFactory()
    site = SiteFactory(contract=contract, name="Rennes Centre")
    SlotDelayFactory(site=site, empty=True)
    SlotDelayFactory(site=site, mode="PHONE", first_days=15, second_days=16, third_days=17)
    SlotDelayFactory(site=site, mode="VIDEO")
    as_manager(client, contract)

    full = client.get(reverse("operators:capacity")).context["full"]

    assert [(one.site.name, one.mode) for one in full] == [
        ("Rennes Centre", "ON_SITE"),
        ("Rennes Centre", "PHONE"),
    ]


def test_capacity_without_a_site_says_so(client):
    as_manager(client, ContractFactory())

    page = client.get(reverse("operators:capacity")).content.decode()

    assert "Aucun lieu ouvert" in page
    assert "Rien à ouvrir" in page


@pytest.mark.parametrize("count", [1, 4])
def test_capacity_query_count_is_constant(client, django_assert_max_num_queries, count):
    contract = ContractFactory()
    for _ in range(count):
        rule = OpeningRuleFactory(adviser__site=SiteFactory(contract=contract))
        AppointmentFactory(adviser=rule.adviser)
        OpeningRequestFactory(site=rule.site)
        SlotDelayFactory(site=rule.site, empty=True)
        wait_for(rule.site, people=1)
    as_manager(client, contract)

    # session, user, mandate; sites, slots, waiting (3), booked, requests (2), sites, delays
    with django_assert_max_num_queries(13):
        client.get(reverse("operators:capacity"))


def test_a_manager_closes_a_request_with_a_reason(client):
    request = OpeningRequestFactory()
    manager = as_manager(client, request.contract)
    url = reverse("operators:opening_request_close", args=[request.uuid])

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).context["form"].errors.keys() == {"reason"}
    response = client.post(url, {"reason": "CALLED"}, follow=True)

    request = OpeningRequest.objects.get()
    assert (request.state, request.closed_by, request.reason) == ("CLOSED", manager, "CALLED")
    assert "La demande est close." in response.content.decode()
    assert "déjà close" in client.post(url, {"reason": "CALLED"}, follow=True).content.decode()


def test_a_request_of_another_operator_does_not_exist(client):
    request = OpeningRequestFactory()
    as_manager(client, ContractFactory())

    assert client.get(reverse("operators:opening_request_close", args=[request.uuid])).status_code == 404


def test_steering_reads_each_contract(client):
    request = OpeningRequestFactory(asked_at=NOW - timedelta(days=2))
    SlotDelayFactory(site=request.site)
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    page = client.get(reverse("operators:lot_supply")).content.decode()

    assert request.contract.lot.title in page
    assert ">5 j<" in page
    assert "2 jours" in page


def test_hours_of_an_evening_opening_are_capacity_of_their_local_week(client):
    """Sunday 23:30 in Paris is Monday in La Réunion: the week is that of the place."""
    rule = OpeningRuleFactory(
        adviser__site=SiteFactory(reunion=True), opens=time(1), closes=time(2), weekday=1
    )
    as_manager(client, rule.site.contract)

    (row,) = client.get(reverse("operators:capacity")).context["rows"]

    assert [week.free for week in row.weeks[:2]] == [0, 1]
