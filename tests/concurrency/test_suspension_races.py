"""Whoever suspends an adviser and whoever books them at the same instant: nobody booked is forgotten."""

import pytest

from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment, Replacement
from operators.casework.pathways.models import Pathway
from operators.moving.handovers.models import Handover
from operators.moving.handovers.services import hand_over
from operators.network.models import Adviser
from operators.reception.team.services import resume_adviser, suspend_adviser
from tests.concurrency.test_booking_races import confirm, hold
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import OpeningRuleFactory, PathwayFactory
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.clock import NOW

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


def test_portfolio_given_with_the_suspension_and_by_the_adviser_is_given_once(race):
    """The order of locks holds too: people before days, days before appointments (conftest)."""
    for _ in range(6):
        adviser = OpeningRuleFactory().adviser
        first, second = (OpeningRuleFactory(adviser__site=adviser.site).adviser for _ in range(2))
        booked = booked_with(adviser)
        pathways = [
            PathwayFactory(adviser=adviser, beneficiary=booked.beneficiary),
            PathwayFactory(adviser=adviser),
        ]

        def suspend(adviser=adviser, first=first):
            suspend_adviser(adviser=adviser, colleague=first, by=adviser.user, now=NOW)

        def give(adviser=adviser, second=second, pathways=pathways):
            hand_over(pathways=pathways, former=adviser, colleague=second, by=adviser.user, now=NOW)

        outcomes = race(suspend, give)

        assert outcomes in ({"done": 2}, {"done": 1, "PathwayNotOpen": 1})
        followers = {Pathway.objects.get(pk=pathway.pk).adviser for pathway in pathways}
        assert len(followers) == 1
        assert followers <= {first, second}
        assert Handover.objects.filter(pathway__in=pathways).count() == 2


def test_two_managers_suspend_once(race):
    adviser = OpeningRuleFactory().adviser

    outcomes = race(*[lambda: suspend_adviser(adviser=adviser, by=adviser.user, now=NOW)] * 2)

    assert outcomes == {"done": 1, "SuspensionRefused": 1}
    assert not Adviser.objects.get().is_active
