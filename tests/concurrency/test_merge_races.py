"""Merges that cross, a merge against a booking, a merge against itself: one order, nothing lost."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.callers import attach_known
from beneficiaries.rights.services import erase_person
from cep_portal.common.errors import DomainError
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import confirm_hold
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.models import PersonMerge
from operators.moving.duplicates.services import merge_people, undo_merge
from tests.clock import moved
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.duplicates import merged, twins
from tests.factories.operators import AdviserFactory, AppointmentFactory, OpeningRuleFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = moved("2026-11-23 09:00")
ROUNDS = 6


def side():
    adviser = AdviserFactory()
    adviser.user.mandate = adviser.user.mandates.get()
    return adviser


def merging(adviser, kept, absorbed):
    return lambda: merge_people(
        kept=kept, absorbed=absorbed, reason=MergeReason.CHECKED, by=adviser.user, now=NOW
    )


def either_way(adviser, one, other):
    """As two pages opened at different times would ask: whichever of the two is to be kept."""

    def act():
        try:
            merging(adviser, one, other)()
        except DomainError:
            merging(adviser, other, one)()

    return act


def test_two_merges_that_cross_are_one(race):
    for _ in range(ROUNDS):
        adviser = side()
        kept, absorbed = twins(adviser)

        outcomes = race(*[either_way(adviser, kept, absorbed), either_way(adviser, absorbed, kept)] * 2)

        assert outcomes == Counter(done=1, PersonNotVisible=3)
    assert PersonMerge.objects.count() == ROUNDS


def test_merges_in_a_ring_make_no_chain(race):
    for _ in range(ROUNDS):
        adviser = side()
        first, second = twins(adviser)
        third, _ = twins(adviser)

        race(
            either_way(adviser, first, second),
            either_way(adviser, second, third),
            either_way(adviser, third, first),
        )

        chained = Beneficiary.objects.filter(merged_into__merged_into__isnull=False)
        assert not chained.exists()


def test_booking_for_the_file_absorbed_is_moved_or_refused(race):
    seen = Counter()
    for _ in range(ROUNDS):
        adviser = side()
        OpeningRuleFactory(adviser=adviser)
        kept, absorbed = twins(adviser)
        request = absorbed.service_requests.get()
        hold = AppointmentFactory(
            adviser=adviser,
            on_hold=True,
            service_request=request,
            hold_expires_at=NOW + timedelta(minutes=10),
        )

        def book(hold=hold, person=absorbed):
            confirm_hold(appointment=hold, beneficiary=person, idempotency_key=uuid4(), now=NOW)

        seen += race(merging(adviser, kept, absorbed), book)

        assert not Appointment.objects.filter(beneficiary=absorbed).exists()
    assert set(seen) <= {"done", "FileMerged"}
    assert seen["done"] >= ROUNDS


def test_request_attached_meanwhile_is_not_left_behind(race):
    for _ in range(ROUNDS):
        adviser = side()
        kept, absorbed = twins(adviser)
        asked = ServiceRequestFactory(contract=adviser.site.contract, commune=adviser.site.commune)

        def attach(asked=asked, person=absorbed):
            attach_known(service_request=asked, beneficiary=person, by=None, now=NOW)

        outcomes = race(merging(adviser, kept, absorbed), attach)

        assert set(outcomes) <= {"done", "FileMerged"}
        assert not absorbed.service_requests.exists()


def test_merge_is_undone_once(race):
    for _ in range(ROUNDS):
        adviser = side()
        merge = merged(adviser, now=NOW)

        outcomes = race(*[lambda m=merge, a=adviser: undo_merge(merge=m, by=a.user, now=NOW)] * 3)

        assert outcomes == Counter(done=1, MergeUndone=2)


def test_undo_against_erasure_ends_in_one_or_the_other(race):
    for _ in range(ROUNDS):
        adviser = side()
        merge = merged(adviser, now=NOW)

        def erase(person=merge.kept):
            erase_person(beneficiary=person, now=NOW, by=None, is_compulsory=True)

        outcomes = race(lambda m=merge, a=adviser: undo_merge(merge=m, by=a.user, now=NOW), erase)

        merge.kept.refresh_from_db()
        merge.absorbed.refresh_from_db()
        assert merge.kept.erased_at is not None
        assert (merge.absorbed.erased_at is None) == (outcomes["PersonErased"] == 0)
