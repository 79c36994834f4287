"""Freezing and erasing against a booking, with real threads: no slot waits for somebody who left."""

import pytest

from beneficiaries.rights import services
from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from tests.concurrency.test_booking_races import confirm, hold
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def booked(person) -> bool:
    return Appointment.objects.filter(beneficiary=person, state=AppointmentState.BOOKED).exists()


def test_a_frozen_file_never_keeps_a_booking_made_at_the_same_instant(race):
    site = OpeningRuleFactory().site
    for _ in range(10):
        user = UserFactory(role=Role.BENEFICIARY)
        person = BeneficiaryFactory(user=user)
        request = ServiceRequestFactory(beneficiary=person, contract=site.contract)
        held = hold(site, service_request=request)

        outcomes = race(
            lambda held=held, person=person: confirm(held, person),
            lambda person=person, user=user: services.restrict_file(beneficiary=person, now=NOW, by=user),
        )

        assert outcomes["done"] + outcomes["FileRestricted"] == 2
        assert not booked(person)
        Appointment.objects.filter(state=AppointmentState.ON_HOLD).update(state=AppointmentState.EXPIRED)


def test_two_erasures_at_the_same_instant_are_one(race, settings, tmp_path):
    settings.PORTAL_DATA_DIR = str(tmp_path)
    user = UserFactory(role=Role.BENEFICIARY)
    person = BeneficiaryFactory(user=user)

    outcomes = race(
        *[lambda: services.erase_person(beneficiary=person, now=NOW, by=None, is_compulsory=True)] * 4
    )

    assert outcomes["done"] == 4
    assert (tmp_path / "erasures.log").read_text().splitlines() == [f"{person.uuid} {NOW.isoformat()}"]
