"""R6111-5, II: six months of silence, two months of notice; alarms at 30, 90 and 150 days, once each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.exchange.deliveries.models import RefusedLine, SupplyAlarm
from operators.exchange.deliveries.rules import SupplyClock
from operators.exchange.deliveries.selectors import supplies
from operators.exchange.deliveries.services import forget_refused_lines, raise_supply_alarms
from tests.factories.accounts import UserFactory
from tests.factories.deliveries import NOW, software
from tests.factories.operators import CounsellingSessionFactory, PathwayFactory

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "notice", "end"),
    [
        (date(2026, 1, 15), date(2026, 7, 16), date(2026, 9, 16)),
        (date(2026, 8, 31), date(2027, 3, 1), date(2027, 5, 1)),
    ],
)
def test_terms_are_counted_in_months_of_the_calendar(since, notice, end):
    clock = SupplyClock(since_on=since, on=since)

    assert (clock.notice_on, clock.ends_on) == (notice, end)


@pytest.mark.parametrize(("days", "alarm"), [(29, None), (30, 30), (89, 30), (90, 90), (149, 90), (150, 150)])
def test_highest_alarm_reached(days, alarm):
    assert SupplyClock(since_on=date(2026, 1, 1), on=date(2026, 1, 1) + days * DAY).alarm == alarm


@pytest.mark.django_db
def test_alarm_is_told_once_to_both_sides():
    operator = software()
    UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=operator.organisation)
    UserFactory(role=Role.CONTRACT_MANAGER)
    operator.send(*operator.road())

    assert raise_supply_alarms(now=NOW + 29 * DAY) == 0
    assert raise_supply_alarms(now=NOW + 31 * DAY) == 1
    assert raise_supply_alarms(now=NOW + 32 * DAY) == 0

    alarm = SupplyAlarm.objects.get()
    assert (alarm.days, alarm.since_on) == (30, date(2026, 11, 22))
    assert list(Message.objects.values_list("subject", flat=True)) == ["30 jours sans donnée"] * 2
    assert AuditEvent.objects.filter(action="operators.supply.alarm").count() == 1


@pytest.mark.django_db
def test_delivery_with_nothing_right_does_not_stop_the_clock():
    operator = software()
    operator.send(*operator.road())
    late = datetime(2027, 1, 5, 9, tzinfo=UTC)

    operator.send(operator.session(id="S-2", niveau="SIX"), now=late)

    assert raise_supply_alarms(now=late) == 1


@pytest.mark.django_db
def test_trial_does_not_stop_the_clock():
    operator = software()
    operator.send(*operator.road())
    late = datetime(2027, 1, 5, 9, tzinfo=UTC)

    operator.send(operator.session(id="S-2"), now=late, trial=True)

    assert raise_supply_alarms(now=late) == 1


@pytest.mark.django_db
def test_session_typed_in_the_portal_stops_the_clock():
    operator = software()
    operator.send(*operator.road())
    late = datetime(2027, 1, 5, 9, tzinfo=UTC)

    held = {"starts_at": late - DAY, "recorded_at": late}
    CounsellingSessionFactory(pathway=PathwayFactory(adviser=operator.adviser), **held)

    assert raise_supply_alarms(now=late) == 0
    (supply,) = supplies(now=late)
    assert supply.clock.since_on == late.date()


@pytest.mark.django_db
def test_refused_lines_are_forgotten_after_their_days():
    operator = software()
    operator.send(operator.session(niveau="SIX"))

    assert forget_refused_lines(now=NOW + 60 * DAY, days=60) == 0
    assert forget_refused_lines(now=NOW + 61 * DAY, days=60) == 1
    assert not RefusedLine.objects.exists()
