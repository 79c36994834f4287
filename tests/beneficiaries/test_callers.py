"""Somebody named on the telephone: told, not proved, and never led into an older file (ADR 0024)."""

import pytest

from beneficiaries.request.errors import ContactMissing, RequestOfAnother
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services import confirm_contact_code, send_contact_code
from beneficiaries.request.services.callers import (
    attach_known,
    like_caller,
    name_person,
    prove_contact,
    with_contact,
)
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from tests.clock import moved
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory

pytestmark = pytest.mark.django_db

NOW = moved("2026-11-23 17:00")
LEA = {"first_name": "Léa", "last_name": "Morvan", "email": "lea@exemple.example", "phone": "06 12 34 56 78"}


def name(request, by=None, **changed):
    return name_person(service_request=request, by=by, now=NOW, **LEA | changed)


def test_named_person_has_the_request_and_a_contact_to_confirm():
    request, officer = ServiceRequestFactory(), UserFactory()

    person = name(request, by=officer)

    request.refresh_from_db()
    assert request.beneficiary == person
    assert (person.full_name, person.email, person.contact_proved_at) == ("Léa Morvan", LEA["email"], None)
    line = AuditEvent.objects.get()
    assert (line.action, line.actor, line.data) == ("beneficiaries.request.attached", officer, {})


def test_named_twice_is_one_person():
    """RDV-SP 6343, 3035, 3158, 3429, 3584: duplicates, more with FranceConnect."""
    request = ServiceRequestFactory()

    assert name(request) == name(request, first_name="LEA")
    assert Beneficiary.objects.count() == 1


def test_person_is_not_named_without_a_way_to_write():
    with pytest.raises(ContactMissing):
        name(ServiceRequestFactory(), email="", phone=" ")


def test_request_of_somebody_else_is_not_renamed():
    with pytest.raises(RequestOfAnother):
        name(ServiceRequestFactory(beneficiary=BeneficiaryFactory()))


def test_told_contact_never_joins_an_older_file_by_itself():
    known = BeneficiaryFactory(**LEA)

    assert name(ServiceRequestFactory()) != known


def test_known_person_is_attached_and_nothing_known_changes():
    known, request = BeneficiaryFactory(**LEA), ServiceRequestFactory()

    attach_known(service_request=request, beneficiary=known, by=None, now=NOW)
    attach_known(service_request=request, beneficiary=known, by=None, now=NOW)

    request.refresh_from_db()
    known.refresh_from_db()
    assert (request.beneficiary, known.phone) == (known, LEA["phone"])
    assert AuditEvent.objects.filter(action="beneficiaries.request.attached").count() == 1


def test_request_of_somebody_else_is_not_attached():
    request = ServiceRequestFactory(beneficiary=BeneficiaryFactory())

    with pytest.raises(RequestOfAnother):
        attach_known(service_request=request, beneficiary=BeneficiaryFactory(), by=None, now=NOW)


@pytest.mark.parametrize("phone", ["0612345678", "+33 6 12 34 56 78", "06.12.34.56.78"])
def test_caller_is_found_by_number_however_it_is_typed(phone):
    known = BeneficiaryFactory(**LEA)
    BeneficiaryFactory(phone="")

    assert list(with_contact(Beneficiary.objects.all(), phone=phone)) == [known]


def test_caller_is_found_by_address_whatever_the_case():
    known = BeneficiaryFactory(**LEA)

    assert list(with_contact(Beneficiary.objects.all(), email=" LEA@exemple.example")) == [known]
    assert list(with_contact(Beneficiary.objects.all())) == []


def test_same_mailbox_with_another_name_is_not_the_caller():
    BeneficiaryFactory(**LEA | {"first_name": "Paul"})
    known = BeneficiaryFactory(**LEA)
    people = Beneficiary.objects.all()

    beneficiaries = like_caller(people, first_name="lea", last_name="MORVAN", email=LEA["email"], phone="")

    assert beneficiaries == [known]


def test_contact_is_proved_once():
    person = BeneficiaryFactory(contact_proved_at=None)

    assert [prove_contact(beneficiary=person, now=NOW) for _ in range(2)] == [True, False]
    person.refresh_from_db()
    assert person.contact_proved_at == NOW
    assert AuditEvent.objects.get().action == "beneficiaries.contact.proved"


@pytest.mark.parametrize("already", [True, False])
@pytest.mark.django_db(transaction=True)
def test_code_proves_the_contact(already):
    request = ServiceRequestFactory()
    if already:
        BeneficiaryFactory(**LEA, contact_proved_at=None, email_verified_at=None)
    code = send_contact_code(service_request=request, now=NOW, **LEA)
    digits = next(word for word in Message.objects.get().body.split() if word.isdigit() and len(word) == 6)

    person = confirm_contact_code(contact_code=code, code=digits, now=NOW)

    assert person.contact_proved_at == NOW
    assert Beneficiary.objects.count() == 1
