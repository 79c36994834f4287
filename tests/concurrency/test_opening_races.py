"""Whoever closes hours and whoever books them at the same instant: one of the two is refused."""

from collections import Counter
from datetime import time

import pytest

from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import AdviserTime, Appointment, OpeningException, RecurringAbsence
from operators.booking.agenda.services import WeeklyHours
from operators.network.models import SiteClosure
from tests.clock import moved_day
from tests.concurrency.test_booking_races import confirm, hold
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DAY = moved_day("2026-11-30")


def close_site(rule):
    services.close_site(site=rule.site, first_on=DAY, last_on=DAY, reason="", by=rule.adviser.user, now=NOW)


def close_day(rule):
    services.change_opening_day(rule=rule, day=DAY, opens=None, closes=None, by=rule.adviser.user, now=NOW)


def meet_each_week(rule):
    services.lay_recurring_absence(
        adviser=rule.adviser,
        hours=WeeklyHours(
            weekday=1, starts=time(8), ends=time(18), every_weeks=1, first_on=DAY, last_on=None
        ),
        by=rule.adviser.user,
        now=NOW,
    )


@pytest.mark.parametrize("close", [close_site, close_day, meet_each_week])
@pytest.mark.parametrize("paired", [False, True])
def test_hours_closed_while_somebody_confirms_are_never_both(race, close, paired):
    rule = OpeningRuleFactory()
    if paired:
        rule.second_adviser = AdviserFactory(site=rule.site)
        rule.save()
    person = BeneficiaryFactory(phone="0612345678")

    for _ in range(6):
        held = hold(rule.site)

        outcomes = race(lambda held=held: confirm(held, person), lambda: close(rule))

        booked = Appointment.objects.filter(state=AppointmentState.BOOKED).count()
        closed = sum(model.objects.count() for model in (SiteClosure, OpeningException, RecurringAbsence))
        assert (booked, closed) in {(1, 0), (0, 1)}
        assert outcomes["done"] == 1
        for model in (Appointment, SiteClosure, OpeningException, RecurringAbsence):
            model.objects.all().delete()


def test_pair_and_its_second_adviser_alone_are_sold_once(race):
    """Lesson 27: the same hour of one person, through a pair and alone."""
    rule = OpeningRuleFactory()
    rule.second_adviser = AdviserFactory(site=rule.site)
    rule.save()
    OpeningRuleFactory(adviser=rule.second_adviser)

    for _ in range(6):
        outcomes = race(*[lambda: hold(rule.site)] * 8)

        assert outcomes == Counter(done=1, SlotTaken=7)
        people = list(AdviserTime.objects.values_list("adviser", flat=True))
        assert len(people) == len(set(people))
        Appointment.objects.all().delete()
