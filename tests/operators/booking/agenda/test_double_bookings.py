"""What others sold twice, one test for each."""

import uuid

import pytest

from beneficiaries.request.models import Beneficiary
from operators.booking.agenda import selectors, services
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.errors import PersonAlreadyBooked, SlotTaken, TransitionRefused
from operators.booking.agenda.models import Appointment
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AbsenceFactory, OpeningRuleFactory, SiteFactory
from tests.operators.booking.agenda.acts import NINE, TEN, confirm, hold
from tests.operators.booking.agenda.clock import NOW, hours

pytestmark = pytest.mark.django_db


def test_person_and_agent_never_book_one_hour_twice_rdvsp_5367():
    """One by the person, one by the agent, two advisers, one person (RDV-SP 5367, RDV-I 988)."""
    site, person = SiteFactory(), BeneficiaryFactory()
    for _ in range(2):
        OpeningRuleFactory(adviser__site=site)
    confirm(hold(site), person)

    with pytest.raises(PersonAlreadyBooked):
        confirm(hold(site, channel=Channel.INTAKE_OFFICER), person)

    assert Appointment.objects.filter(state=AppointmentState.BOOKED).count() == 1


def test_one_hold_is_booked_once_whatever_the_key_rdvsp_3706():
    """One page opened twice gives two keys, never two appointments."""
    held, person = hold(OpeningRuleFactory().site), BeneficiaryFactory()
    confirm(held, person)

    with pytest.raises(TransitionRefused):
        confirm(held, person, key=uuid.uuid4())

    assert Appointment.objects.filter(state=AppointmentState.BOOKED).count() == 1


def test_hold_is_not_booked_for_two_people():
    held = hold(OpeningRuleFactory().site)
    first = confirm(held, BeneficiaryFactory())

    with pytest.raises(TransitionRefused):
        confirm(held, BeneficiaryFactory())

    assert Appointment.objects.get().beneficiary == Beneficiary.objects.get(pk=first.beneficiary_id)


def test_list_shown_before_an_absence_decides_nothing_pretix_2168():
    """The list may be old when the button is pressed; the hold asks again, under its lock."""
    rule = OpeningRuleFactory()
    shown = hours(rule.site.contract)
    AbsenceFactory(adviser=rule.adviser)

    with pytest.raises(SlotTaken):
        hold(rule.site)

    assert "2026-11-30 09:00" in shown


def test_slot_is_nobody_else_s_while_the_person_confirms_doctolib_tours_49():
    site = OpeningRuleFactory().site
    hold(site)

    assert selectors.slot_at(site=site, starts_at=NINE, level="ONE", mode="PHONE", now=NOW) is None


def test_offered_and_chosen_holds_of_a_request_are_two_bookings_at_most():
    site = OpeningRuleFactory().site
    request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    offered = hold(site, service_request=request, offer_until=NINE)
    chosen = hold(site, starts_at=TEN, service_request=request)

    booked = services.confirm_hold(
        appointment=chosen, beneficiary=request.beneficiary, idempotency_key=uuid.uuid4(), now=NOW
    )

    offered.refresh_from_db()
    assert (booked.starts_at, offered.state) == (TEN, AppointmentState.ON_HOLD)
