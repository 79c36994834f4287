"""Where slices meet: what one subject leaves behind never stops, or outlives, another's act."""

from datetime import timedelta

import pytest

from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services import erase_person
from operators.booking.agenda import services
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.errors import AbsenceInvalid, ClosureInvalid
from operators.booking.agenda.models import Absence, Appointment
from operators.booking.demand.enums import EntryState, OfferState
from operators.booking.demand.models import SlotOffer
from operators.booking.demand.services import Wish, join_waiting_list, offer_free_slots
from operators.network.models import SiteClosure
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.acts import NINE, book, cancel, confirm, hold
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def adviser():
    return OpeningRuleFactory().adviser


@pytest.fixture
def person():
    return BeneficiaryFactory(phone="06 39 98 00 00")


def away(adviser, *, starts_at=NINE - HOUR, ends_at=NINE + 10 * HOUR, now=NOW):
    return services.lay_absence_and_replace(
        adviser=adviser, starts_at=starts_at, ends_at=ends_at, by=adviser.user, now=now
    )[1]


def test_a_colleague_whose_hold_is_over_takes_the_session(adviser):
    """A hold that is over, not swept yet, still stands in the way of the constraint."""
    later = NOW + HOUR
    booked = book(adviser.site)
    colleague = OpeningRuleFactory(adviser__site=adviser.site).adviser
    stale = hold(adviser.site, adviser=colleague.pk)

    (replacement,) = away(adviser, now=later)

    stale.refresh_from_db()
    booked.refresh_from_db()
    assert (replacement.colleague, booked.adviser) == (colleague, colleague)
    assert stale.state == AppointmentState.EXPIRED


def test_a_cancellation_is_undone_over_a_hold_that_is_over(adviser, settings):
    settings.PORTAL_UNDO_MINUTES = 60
    booked = cancel(book(adviser.site))
    hold(adviser.site)

    restored = services.restore_appointment(appointment=booked, now=NOW + timedelta(minutes=30))

    assert restored.state == AppointmentState.BOOKED


def test_choosing_another_slot_ends_the_wait_and_the_offer(adviser, person):
    """RDV-SP 3706: one invitation gives several appointments."""
    site, request = adviser.site, ServiceRequestFactory(contract=adviser.site.contract, beneficiary=person)
    OpeningRuleFactory(adviser=adviser, weekday=2)
    book(site, person=person, service_request=request)
    (replacement,) = away(adviser)
    entry = join_waiting_list(
        service_request=request,
        beneficiary=person,
        wish=Wish(level="ONE", modes=["ON_SITE"], hours=[], site=site, anywhere=False, from_on=None),
        now=NOW,
    )
    offer_free_slots(contract=site.contract, now=NOW)

    chosen = services.choose_replacement(
        replacement=replacement,
        site=site,
        starts_at=NINE + DAY,
        mode=replacement.appointment.mode,
        now=NOW,
    )

    entry.refresh_from_db()
    assert entry.state == EntryState.BOOKED
    assert [offer.state for offer in SlotOffer.objects.all()] == [OfferState.WITHDRAWN]
    assert list(Appointment.objects.live()) == [chosen]


def test_nothing_is_booked_for_a_person_who_was_erased(adviser, person):
    """A tab left open, or a request proved before: the erased never come back."""
    held = hold(adviser.site)
    erase_person(beneficiary=person, now=NOW, by=None)

    with pytest.raises(FileRestricted):
        confirm(held, person)

    assert not Appointment.objects.filter(beneficiary=person).exists()


def test_an_absence_is_refused_over_a_group_session(adviser):
    GroupSessionFactory(adviser=adviser)

    with pytest.raises(AbsenceInvalid):
        away(adviser)

    assert not Absence.objects.exists()


def test_an_absence_is_laid_over_a_group_session_that_was_cancelled(adviser):
    GroupSessionFactory(adviser=adviser, cancelled=True)

    away(adviser)

    assert Absence.objects.get().adviser == adviser


def test_a_site_is_not_closed_over_a_group_session(adviser):
    GroupSessionFactory(adviser=adviser)

    with pytest.raises(ClosureInvalid):
        services.close_site_and_replace(
            site=adviser.site,
            first_on=NINE.date(),
            last_on=NINE.date(),
            reason="",
            by=UserFactory(),
            now=NOW,
        )

    assert not SiteClosure.objects.exists()
