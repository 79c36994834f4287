"""Until the person uses the link or a code, the contact told on the telephone is « à confirmer »."""

import pytest
from django.urls import reverse

from operators.booking.agenda.links import sign
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def link(name, appointment):
    return reverse(f"operators:{name}", args=[sign(appointment.uuid)])


@pytest.fixture
def told(site):
    return AppointmentFactory(
        adviser=site.advisers.get(), beneficiary=BeneficiaryFactory(contact_proved_at=None)
    )


def test_link_lets_the_person_confirm_once(client, told):
    page = client.get(link("appointment", told))

    client.post(link("contact_confirm", told))

    told.beneficiary.refresh_from_db()
    assert "C’est bien moi" in page.text
    assert told.beneficiary.contact_proved_at == NOW
    assert "C’est bien moi" not in client.get(link("appointment", told)).text


def test_looking_at_the_link_confirms_nothing(client, told):
    assert client.get(link("contact_confirm", told)).status_code == 405
    client.get(link("appointment", told))

    told.beneficiary.refresh_from_db()
    assert told.beneficiary.contact_proved_at is None


def test_altered_or_past_link_confirms_nothing(client, told):
    altered = reverse("operators:contact_confirm", args=["altered"])
    told.state, told.cancelled_at, told.cancelled_by = "CANCELLED", NOW, "PERSON"
    told.save()

    assert [client.post(url).status_code for url in (altered, link("contact_confirm", told))] == [404, 404]
