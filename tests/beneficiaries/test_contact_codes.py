"""A person proves an address or a mobile, and is found again only as far as they agree."""

import re

import pytest
from django.db import DatabaseError

from beneficiaries.request import errors, services
from beneficiaries.request.models import Beneficiary, ContactCode
from cep_portal.accounts.models import AuditEvent
from cep_portal.common import phones
from cep_portal.messaging.models import Message
from tests.beneficiaries.test_request_services import NOW, confirm, send
from tests.beneficiaries.test_request_walls import run_sql
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import PathwayFactory

MOBILE = "06 39 98 12 34"


def send_sms(request=None, *, phone=MOBILE, now=NOW, **details):
    request = request or ServiceRequestFactory()
    facts = {"first_name": "Lou", "last_name": "Le Goff", "phone": phone, **details}
    return services.send_contact_code(service_request=request, channel="SMS", now=now, **facts)


def code_in(contact_code):
    body = Message.objects.get(key=f"contact-code:{contact_code.uuid}").body
    return re.search(r"\b\d{6}\b", body)[0]


def prove(contact_code, *, now=NOW):
    return confirm(contact_code, code_in(contact_code), now=now)


def followed(**facts):
    """A person whom an adviser has received."""
    person = BeneficiaryFactory(first_name="Lou", last_name="Le Goff", **facts)
    PathwayFactory(beneficiary=person)
    return person


@pytest.mark.django_db
def test_code_by_sms_says_neither_service_nor_name():
    contact_code = send_sms()

    message = Message.objects.get()
    assert (message.channel, message.kind, message.recipient) == ("SMS", "CODE", "+33639981234")
    assert len(message.body) <= 160
    assert not re.search("conseil|volution|CEP|Lou", message.body)
    assert code_in(contact_code) not in str(ContactCode.objects.values().get())


@pytest.mark.django_db
def test_phone_alone_goes_the_whole_road_with_an_account_without_address():
    request = ServiceRequestFactory()

    person = prove(send_sms(request, phone="+262 639 98 12 34"))

    request.refresh_from_db()
    assert request.beneficiary == person
    assert (person.email, person.phone, person.phone_verified_at) == ("", MOBILE, NOW)
    assert (person.email_verified_at, person.user.email) == (None, "")


@pytest.mark.django_db
def test_code_by_sms_keeps_no_address_that_nobody_proved():
    contact_code = send_sms(email="somebody@exemple.example")

    assert contact_code.email == ""


@pytest.mark.django_db
@pytest.mark.parametrize("phone", ["01 99 00 12 34", "+44 7700 900123", "12"])
def test_code_by_sms_is_refused_where_no_sms_arrives(phone):
    with pytest.raises(errors.NoMobile):
        send_sms(phone=phone)

    assert not ContactCode.objects.exists()


@pytest.mark.django_db
def test_code_by_sms_is_refused_when_the_portal_sends_none(settings):
    settings.PORTAL_SMS = {}

    with pytest.raises(errors.NoSms):
        send_sms()


@pytest.mark.django_db
def test_codes_by_sms_are_limited_by_number():
    for _ in range(5):
        send_sms()

    with pytest.raises(errors.CodesTooMany):
        send_sms()

    assert Message.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first_name", "phone", "same"),
    [("LOÙ", MOBILE, True), ("Maé", MOBILE, False), ("Lou", "06 39 98 12 35", False)],
)
def test_proved_phone_and_name_find_the_same_person(first_name, phone, same):
    """A phone may be shared: the name must match, as for a mailbox (RDV-SP 6343, 3035, 3158)."""
    known = prove(send_sms())

    person = prove(send_sms(first_name=first_name, phone=phone))

    assert (person == known) is same


@pytest.mark.django_db
def test_number_typed_beside_an_address_is_not_proved():
    """Else whoever types another's number would be given that person's later requests."""
    typed = confirm(send(ServiceRequestFactory(), phone="0639981234"))

    person = prove(send_sms())

    assert (typed.phone, typed.phone_verified_at) == (MOBILE, None)
    assert person != typed


@pytest.mark.django_db
@pytest.mark.parametrize(("agrees", "same"), [(True, True), (False, False)])
def test_older_file_is_linked_only_with_consent(agrees, same):
    """les-emplois PR 5509: added by a machine, personal data open."""
    known = followed(by_phone=True, phone=MOBILE)

    person = prove(send_sms(find_past=agrees))

    assert (person == known) is same
    events = AuditEvent.objects.filter(action="beneficiaries.person.found_again")
    assert list(events.values_list("target_id", flat=True)) == ([known.pk] if same else [])


@pytest.mark.django_db
@pytest.mark.parametrize("agrees", [True, False])
def test_older_file_by_address_is_linked_only_with_consent(agrees):
    known = followed(email="lou@exemple.example")

    person = confirm(send(ServiceRequestFactory(), find_past=agrees))

    assert (person == known) is agrees


@pytest.mark.django_db
def test_person_not_yet_received_is_the_same_without_asking():
    """Nothing was written about them: two requests of one day are not two people."""
    known = BeneficiaryFactory(first_name="Lou", last_name="Le Goff", email="lou@exemple.example")

    assert confirm(send(ServiceRequestFactory())) == known


@pytest.mark.django_db
def test_request_that_has_its_person_asks_no_consent_again():
    known = followed(email="lou@exemple.example")
    request = ServiceRequestFactory(beneficiary=known)

    assert confirm(send(request)) == known


@pytest.mark.django_db
@pytest.mark.parametrize(
    "facts",
    [
        {"restricted_at": NOW},
        {"email_verified_at": None, "phone": MOBILE, "phone_verified_at": NOW},
    ],
)
def test_frozen_person_or_one_who_proved_another_contact_is_not_found_again(facts):
    known = followed(email="lou@exemple.example")
    Beneficiary.objects.filter(pk=known.pk).update(**facts)

    assert confirm(send(ServiceRequestFactory(), find_past=True)) != known


@pytest.mark.django_db
@pytest.mark.parametrize("by_phone", [True, False])
def test_person_proves_again_by_the_contact_of_their_request(by_phone):
    person = BeneficiaryFactory(by_phone=by_phone)
    request = ServiceRequestFactory(beneficiary=person)

    contact_code = services.send_proof_code(service_request=request, now=NOW)

    message = Message.objects.get()
    told = ("SMS", phones.mobile(person.phone)) if by_phone else ("EMAIL", person.email)
    assert (message.channel, message.recipient) == told
    assert prove(contact_code) == person


@pytest.mark.django_db
@pytest.mark.parametrize("named", [True, False])
def test_proof_code_needs_a_proved_contact(named):
    person = BeneficiaryFactory(email_verified_at=None) if named else None

    with pytest.raises(errors.PersonUnknown):
        services.send_proof_code(service_request=ServiceRequestFactory(beneficiary=person), now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("email = '', email_verified_at = NULL", "beneficiary_reachable"),
        (
            "email = '', phone = '06 39 98 12 34', email_verified_at = '2100-01-01'",
            "beneficiary_proved_contact",
        ),
        ("phone = '01 99 00 12 34', phone_verified_at = '2100-01-01'", "beneficiary_proved_contact_known"),
        ("phone = '', phone_verified_at = '2100-01-01'", "beneficiary_proved_contact_known"),
    ],
)
def test_database_refuses_a_person_without_contact(change, constraint):
    person = BeneficiaryFactory()

    with pytest.raises(DatabaseError, match=constraint):
        run_sql(f"UPDATE beneficiaries_beneficiary SET {change} WHERE id = %s", person.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "value"), [("email", "other@exemple.example"), ("phone", "06 39 98 99 99")]
)
def test_new_contact_is_unproved_whoever_writes_it(contact, value):
    person = BeneficiaryFactory(phone=MOBILE, phone_verified_at=NOW)

    run_sql(f"UPDATE beneficiaries_beneficiary SET {contact} = %s WHERE id = %s", value, person.pk)

    person.refresh_from_db()
    assert getattr(person, f"{contact}_verified_at") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{"channel": "SMS", "phone": "01 99 00 12 34"}, {"channel": "EMAIL", "email": ""}]
)
def test_database_refuses_a_code_that_fits_no_channel(values):
    code = {"service_request": ServiceRequestFactory(), "first_name": "A", "last_name": "B", **values}

    with pytest.raises(DatabaseError, match="contact_code_fits_channel"):
        ContactCode.objects.create(sent_at=NOW, expires_at=NOW.replace(hour=23), **code)
