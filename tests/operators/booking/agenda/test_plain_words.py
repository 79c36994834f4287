"""What a person with a telephone only, or steps to avoid, reads on the road."""

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.enums import AccessNeed
from operators.booking.agenda.links import sign
from operators.booking.agenda.notices import tell_booked
from operators.network.enums import Mode
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("email", "said"), [("", "par SMS"), ("lou@personnes.example", "à votre adresse")])
def test_booked_page_says_where_the_confirmation_leaves(client, email, said):
    person = BeneficiaryFactory(email=email, phone="06 39 98 12 34")
    booked = AppointmentFactory(beneficiary=person, mode=Mode.PHONE)
    tell_booked(booked, now=timezone.now())

    page = client.get(reverse("operators:appointment_booked", args=[sign(booked.uuid)]))

    assert f"La confirmation part {said}." in page.text


@pytest.mark.parametrize(("needs", "times"), [([], 0), ([AccessNeed.STEP_FREE], 1)])
def test_slot_page_says_why_places_with_steps_are_not_there(client, needs, times):
    rule = OpeningRuleFactory()
    request = ServiceRequestFactory(contract=rule.site.contract, access_needs=needs)

    page = client.get(reverse("operators:slot_list", args=[request.reference]))

    assert page.text.count("Lieux sans marche seulement") == times
