from datetime import timedelta

import pytest

from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.errors import (
    SlotTaken,
)
from operators.booking.agenda.models import Appointment
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AbsenceFactory, AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.acts import NINE, TEN, hold
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = pytest.mark.django_db


def test_hold_keeps_the_slot_with_its_buffer_for_ten_minutes():
    """Doctolib tours 49: nothing is held while one confirms."""
    rule = OpeningRuleFactory()

    held = hold(rule.site, channel=Channel.INTAKE_OFFICER)

    assert (held.state, held.adviser, held.channel) == ("ON_HOLD", rule.adviser, "INTAKE_OFFICER")
    assert held.ends_at - held.starts_at == timedelta(minutes=60)
    assert held.busy_period.upper - held.starts_at == timedelta(minutes=75)
    assert held.hold_expires_at == NOW + timedelta(minutes=10)


def test_least_loaded_adviser_of_the_week_then_lowest_id():
    """cal.com 3531, 5331, 10315, 13606, 15309, 15340: absent host, unfair sharing."""
    site = SiteFactory()
    first, second, third = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(3))
    AppointmentFactory(adviser=first, starts_at=at("2026-12-02 09:00"))
    AppointmentFactory(adviser=second, starts_at=at("2026-12-09 09:00"))  # another week

    assert [hold(site).adviser, hold(site).adviser, hold(site).adviser] == [second, third, first]


def test_place_of_another_contract_is_not_held():
    site = OpeningRuleFactory().site

    with pytest.raises(SlotTaken):
        hold(site, contract=SiteFactory().contract)

    assert not Appointment.objects.exists()


def test_known_adviser_comes_first():
    site = SiteFactory()
    OpeningRuleFactory(adviser__site=site)
    known = OpeningRuleFactory(adviser__site=site).adviser
    person = BeneficiaryFactory()
    AppointmentFactory(
        adviser=known, beneficiary=person, state=AppointmentState.ATTENDED, starts_at=at("2026-11-25 09:00")
    )
    AppointmentFactory(adviser=known, starts_at=at("2026-12-01 09:00"))

    assert hold(site, service_request=ServiceRequestFactory(beneficiary=person)).adviser == known


def test_taken_slot_is_refused_with_the_three_nearest():
    """pretix 2168: stale cache of what is free."""
    rule = OpeningRuleFactory()
    OpeningRuleFactory(adviser=rule.adviser, weekday=2)
    hold(rule.site)

    with pytest.raises(SlotTaken) as refusal:
        hold(rule.site)

    assert [slot.starts_at for slot in refusal.value.nearest] == [
        TEN,
        at("2026-12-01 09:00"),
        at("2026-12-01 10:15"),
    ]


@pytest.mark.parametrize(
    "choices",
    [
        {"starts_at": NINE + timedelta(minutes=5)},  # off the grid
        {"starts_at": at("2026-12-01 09:00")},  # closed that day
        {"level": "TWO"},
        {"mode": "VIDEO"},
        {"now": NINE - timedelta(minutes=119)},  # notice too short
    ],
)
def test_hold_outside_the_openings_is_refused(choices):
    rule = OpeningRuleFactory(levels=["ONE"], modes=["PHONE"])

    with pytest.raises(SlotTaken):
        hold(rule.site, **choices)

    assert Appointment.objects.count() == 0


def test_hold_during_an_absence_is_refused():
    """cal.com 3531, 5331, 10315, 13606, 15309, 15340: absent host, unfair sharing."""
    rule = OpeningRuleFactory()
    AbsenceFactory(adviser=rule.adviser)

    with pytest.raises(SlotTaken):
        hold(rule.site)


def test_new_hold_releases_the_former_even_over_the_same_hour():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    former = hold(site, service_request=request)

    again = hold(site, service_request=request)

    former.refresh_from_db()
    assert (former.state, again.state) == (AppointmentState.EXPIRED, AppointmentState.ON_HOLD)


def test_refused_hold_leaves_the_former_one():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract)
    former = hold(site, service_request=request)
    hold(site, starts_at=TEN)

    with pytest.raises(SlotTaken):
        hold(site, starts_at=TEN, service_request=request)

    former.refresh_from_db()
    assert former.state == AppointmentState.ON_HOLD


def test_stale_hold_gives_way():
    site = OpeningRuleFactory().site
    stale = hold(site)

    hold(site, now=NOW + timedelta(minutes=10))

    stale.refresh_from_db()
    assert stale.state == AppointmentState.EXPIRED


def test_held_slot_is_expired_by_the_task_only_when_over():
    site = OpeningRuleFactory().site
    over, live = hold(site), hold(site, starts_at=TEN)
    Appointment.objects.filter(pk=over.pk).update(hold_expires_at=NOW)

    assert services.expire_holds(now=NOW) == 1
    assert services.expire_holds(now=NOW) == 0

    over.refresh_from_db()
    live.refresh_from_db()
    assert (over.state, live.state) == (AppointmentState.EXPIRED, AppointmentState.ON_HOLD)
