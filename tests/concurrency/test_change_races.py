"""Real threads on what follows a booking: absence, undoing, answers, holds."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState, CancelledBy, ReplacementState
from operators.booking.agenda.models import Absence, Appointment, Replacement
from operators.booking.agenda.services.locks import lock_adviser_days
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, ReplacementFactory, SiteFactory
from tests.operators.booking.agenda.acts import NINE, TEN, confirm, hold, move
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


def away(adviser):
    return services.lay_absence_and_replace(
        adviser=adviser, starts_at=NINE, ends_at=NINE + timedelta(hours=6), by=adviser.user, now=NOW
    )


def clean():
    Replacement.objects.all().delete()
    Absence.objects.all().delete()
    Appointment.objects.exclude(moved_from=None).delete()
    Appointment.objects.all().delete()


def test_absence_against_confirmation_leaves_nobody_with_an_absent_adviser(race):
    """Whoever comes first: booked then replaced, or refused; never a session that nobody will hold."""
    adviser = OpeningRuleFactory().adviser
    for _ in range(ROUNDS):
        held = hold(adviser.site, service_request=ServiceRequestFactory(contract=adviser.site.contract))
        person = BeneficiaryFactory()

        race(lambda held=held, person=person: confirm(held, person), lambda: away(adviser))

        assert not Appointment.objects.filter(state=AppointmentState.BOOKED).exists()
        told = Appointment.objects.filter(state=AppointmentState.CANCELLED)
        assert Replacement.objects.count() == told.count()
        clean()


def test_late_confirmation_against_another_choice_keeps_to_the_most_of_a_day(race):
    """The hold is over for who comes later, live for who confirms it: one of them has the day."""
    adviser = OpeningRuleFactory(adviser__max_per_day=1).adviser
    later = NOW + timedelta(minutes=settings.PORTAL_HOLD_MINUTES)
    for _ in range(ROUNDS):
        held, person = hold(adviser.site), BeneficiaryFactory()

        race(
            lambda held=held, person=person: confirm(held, person),
            *[lambda: hold(adviser.site, starts_at=TEN, now=later)] * 3,
        )

        assert Appointment.objects.live().count() == 1
        clean()


def test_confirmations_wait_neither_for_each_other_nor_for_a_choice(race):
    """All at once on one day: each is booked while its lock of times is in other hands."""
    site = OpeningRuleFactory().site
    holds = [hold(site), hold(site, starts_at=TEN)]
    people = [BeneficiaryFactory() for _ in holds]
    done = threading.Barrier(3)

    def confirm_and_stay(held, person):
        with transaction.atomic():
            confirm(held, person)
            done.wait(timeout=10)

    def choose_and_stay():
        with transaction.atomic():
            lock_adviser_days(holds[0].adviser_days, over_bookings=False)
            done.wait(timeout=10)

    outcomes = race(
        *[lambda one=one: confirm_and_stay(*one) for one in zip(holds, people, strict=True)], choose_and_stay
    )

    assert outcomes == Counter(done=3)


def test_two_absences_of_a_team_never_give_one_colleague_twice(race):
    site = SiteFactory()
    first, second, colleague = (OpeningRuleFactory(adviser__site=site).adviser for _ in range(3))
    for _ in range(ROUNDS):
        for adviser in (first, second):
            AppointmentFactory(adviser=adviser)

        outcomes = race(lambda: away(first), lambda: away(second))

        assert outcomes == Counter(done=2)
        booked = Appointment.objects.filter(state=AppointmentState.BOOKED)
        assert [appointment.adviser for appointment in booked] in ([colleague], [])
        # Each person is proposed something, and whoever was given to a colleague away, once more.
        assert set(Replacement.objects.values_list("appointment", flat=True)) == set(
            Appointment.objects.values_list("pk", flat=True)
        )
        clean()


def test_absence_against_move_loses_nobody(race):
    adviser = OpeningRuleFactory().adviser
    for _ in range(ROUNDS):
        booked = AppointmentFactory(adviser=adviser, mode="PHONE")

        race(lambda booked=booked: move(booked, TEN), lambda: away(adviser))

        assert not Appointment.objects.filter(state=AppointmentState.BOOKED).exists()
        assert Replacement.objects.filter(state__in=ReplacementState.waiting).count() == 1
        clean()


def test_one_proposal_is_answered_once(race):
    adviser = OpeningRuleFactory().adviser
    for _ in range(ROUNDS):
        booked = AppointmentFactory(adviser=adviser)
        services.cancel_appointment(appointment=booked, by=CancelledBy.OPERATOR, now=NOW)
        replacement = ReplacementFactory(appointment=booked)

        def choose(one=replacement, site=booked.site):
            services.choose_replacement(replacement=one, site=site, starts_at=TEN, mode="ON_SITE", now=NOW)

        def decline(one=replacement):
            services.decline_replacement(replacement=one, now=NOW)

        outcomes = race(choose, choose, decline)

        replacement.refresh_from_db()
        booked_now = Appointment.objects.filter(state=AppointmentState.BOOKED).count()
        assert outcomes["done"] == 1
        assert booked_now == (1 if replacement.state == ReplacementState.CHOSEN else 0)
        clean()


def test_undoing_against_rebooking_never_doubles_the_slot(race):
    adviser = OpeningRuleFactory().adviser
    for _ in range(ROUNDS):
        booked = AppointmentFactory(adviser=adviser)
        services.cancel_appointment(appointment=booked, by=CancelledBy.PERSON, now=NOW)

        outcomes = race(
            lambda booked=booked: services.restore_appointment(appointment=booked, now=NOW),
            *[lambda: hold(adviser.site)] * 3,
        )

        assert outcomes == Counter(done=1, SlotTaken=3)
        assert Appointment.objects.live().count() == 1
        clean()


def test_hold_against_its_expiry_and_another_choice_keeps_one_owner(race):
    adviser = OpeningRuleFactory().adviser
    for _ in range(ROUNDS):
        request = ServiceRequestFactory(contract=adviser.site.contract)
        held = hold(adviser.site, service_request=request)
        Appointment.objects.filter(pk=held.pk).update(hold_expires_at=NOW)
        person = BeneficiaryFactory()

        race(
            lambda held=held, person=person: confirm(held, person, key=uuid.uuid4()),
            lambda: services.expire_holds(now=NOW),
            lambda: hold(adviser.site),
        )

        assert Appointment.objects.live().count() == 1
        clean()
