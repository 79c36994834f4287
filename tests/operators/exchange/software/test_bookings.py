"""A software books: the same services, one key for one act, refusals that say why."""

import pytest

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import AuditEvent
from operators.booking.agenda.enums import Channel
from operators.booking.agenda.models import Appointment
from operators.reception.calls.enums import Consent
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import ApiClientFactory, AppointmentFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.calls import NINE, PERSON, book, kinds
from tests.operators.exchange.software.conftest import signed_api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]


def test_software_books_with_the_same_facts(api, software, site):
    response = book(api, site)

    booked = Appointment.objects.get()
    assert response.status_code == 201
    assert response.json() | {"person": "", "id": ""} == {
        "id": "",
        "reference": booked.service_request.reference,
        "person": "",
        "state": "BOOKED",
        "channel": "SOFTWARE",
        "level": "ONE",
        "mode": "ON_SITE",
        "site": str(site.uuid),
        "starts_at": NINE,
        "ends_at": "2026-11-30T10:00:00+01:00",
        "zone": "Europe/Paris",
        "booked_at": "2026-11-23T17:00:00+01:00",
        "cancelled_at": None,
        "cancelled_by": "",
        "cancel_reason": "",
        "moved_from": None,
        "moved_to": None,
    }
    assert (booked.channel, booked.assistance.consent) == (Channel.SOFTWARE, Consent.OPERATOR)
    assert (booked.service_request.requested_at, booked.beneficiary.full_name) == (NOW, "Nolwenn Le Roux")
    line = AuditEvent.objects.get(action="operators.api_client.booked")
    assert (line.target_id, line.data) == (software.pk, {"appointment": str(booked.uuid)})


def test_same_key_books_once(api, site):
    first, second = (book(api, site) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert (Appointment.objects.count(), BeneficiaryFactory._meta.model.objects.count()) == (1, 1)


def test_same_key_with_other_facts_is_refused(api, site):
    book(api, site)

    response = book(api, site, person={**PERSON, "first_name": "Autre"})

    assert kinds(response) == (409, "idempotency_key_reused")


def test_key_of_another_software_is_another_key(api, site):
    book(api, site)
    other = ApiClientFactory(organisation=site.contract.holder)

    response = book(signed_api(other), site)

    assert kinds(response) == (409, "slot_taken")


@pytest.mark.parametrize("key", ["", "x" * 101])
def test_booking_needs_a_key(api, site, key):
    response = book(api, site, key=key)

    assert [one["field"] for one in response.json()["errors"]] == ["Idempotency-Key"]


def test_slot_taken_gives_the_nearest_with_their_offset(api, site):
    AppointmentFactory(adviser=site.advisers.get())

    response = book(api, site)

    assert kinds(response) == (409, "slot_taken")
    assert response.json()["nearest"][0]["starts_at"] == "2026-11-30T10:15:00+01:00"
    assert not ServiceRequestFactory._meta.model.objects.exists()  # nothing half-written


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": "2026-11-30T09:00:00"}, "starts_at"),
        ({"agreed": False}, "agreed"),
        ({"commune": "99999"}, "commune"),
        ({"needs": []}, "needs"),
        ({"needs": ["SINGING"]}, "needs.0"),
        ({"person": {"first_name": "A"}}, "person.last_name"),
        ({"person": {**PERSON, "email": "nulle part"}}, "person.email"),
    ],
)
def test_wrong_values_are_named_field_by_field(api, site, changed, field):
    response = book(api, site, **changed)

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == [field]


def test_person_without_contact_is_refused(api, site):
    response = book(api, site, person={**PERSON, "email": "", "phone": ""})

    assert kinds(response) == (409, "contact_missing")


def test_territory_of_another_operator_is_refused(api, site):
    elsewhere = CommuneFactory(strasbourg=True)
    ContractFactory(lot__regions=[elsewhere.department.region])

    assert kinds(book(api, site, commune=elsewhere.code)) == (409, "received_elsewhere")


def test_person_known_to_the_operator_is_found_again(api, site):
    known = BeneficiaryFactory(**PERSON)
    ServiceRequestFactory(contract=site.contract, beneficiary=known)

    assert book(api, site).json()["person"] == str(known.uuid)


def test_person_known_elsewhere_is_not(api, site):
    known = BeneficiaryFactory(**PERSON)
    ServiceRequestFactory(beneficiary=known)

    assert book(api, site).json()["person"] != str(known.uuid)


def test_likely_error_in_an_address_is_asked_about_once(api, site):
    typed = {**PERSON, "email": "nolwenn@gmial.com"}

    asked_back = book(api, site, person=typed)
    assert kinds(asked_back) == (422, "invalid")
    (error,) = asked_back.json()["errors"]
    assert error["field"] == "person.email"
    assert "Vouliez-vous dire nolwenn@gmail.com" in str(error)

    assert book(api, site, person={**typed, "email_checked": True}).status_code == 201
    assert Beneficiary.objects.get().email == "nolwenn@gmial.com"


def test_number_from_a_software_is_counted_and_kept_in_pairs(api, site):
    short = book(api, site, person={**PERSON, "phone": "06 39 98 00"})
    assert "il en manque 2" in str(short.json()["errors"])

    assert book(api, site, person={**PERSON, "phone": "+33639980001"}).status_code == 201
    assert Beneficiary.objects.get().phone == "06 39 98 00 01"
