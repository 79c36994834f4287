"""Whoever suspends an adviser and whoever books them at the same instant: nobody booked is forgotten."""

import pytest

from operators.agenda.enums import AppointmentState
from operators.agenda.models import Appointment, Replacement
from operators.network.models import Adviser
from operators.team.services import resume_adviser, suspend_adviser
from tests.concurrency.test_booking_races import confirm, hold
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.agenda.clock import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_who_books_while_the_adviser_is_suspended_is_refused_or_replaced(race):
    adviser = OpeningRuleFactory().adviser
    person = BeneficiaryFactory(phone="0612345678")

    for _ in range(6):
        held = hold(adviser.site)

        race(
            lambda held=held: confirm(held, person),
            lambda: suspend_adviser(adviser=adviser, by=adviser.user, now=NOW),
        )

        assert not Appointment.objects.filter(state=AppointmentState.BOOKED).exists()
        cancelled = Appointment.objects.filter(state=AppointmentState.CANCELLED)
        assert Replacement.objects.count() == cancelled.count()
        resume_adviser(adviser=adviser, by=adviser.user, now=NOW)


def test_two_managers_suspend_once(race):
    adviser = OpeningRuleFactory().adviser

    outcomes = race(*[lambda: suspend_adviser(adviser=adviser, by=adviser.user, now=NOW)] * 2)

    assert outcomes == {"done": 1, "SuspensionRefused": 1}
    assert not Adviser.objects.get().is_active
