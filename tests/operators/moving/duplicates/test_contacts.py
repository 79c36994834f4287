"""Which contact is kept, and that either one still leads to the person."""

from datetime import timedelta

import pytest
from allauth.account.internal.userkit import filter_users_by_email

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.selectors import people_known_by
from beneficiaries.request.services import send_contact_code
from beneficiaries.request.services.people import known_or_new_person, open_account
from operators.moving.duplicates.enums import ContactPart
from operators.moving.duplicates.services import undo_merge
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.duplicates import KNOWN_FIRST, twins
from tests.factories.operators import AdviserFactory
from tests.operators.moving.duplicates.test_merging import NOW, merge, signed

pytestmark = pytest.mark.django_db
COLUMNS = (
    *("first_name", "last_name", "email", "email_verified_at", "phone", "phone_verified_at"),
    *("contact_proved_at", "user_id", "merged_into_id"),
)


@pytest.fixture
def adviser():
    return AdviserFactory()


def contact(person) -> dict:
    return Beneficiary.objects.values(*COLUMNS).get(pk=person.pk)


def code_for(person, email, now=NOW):
    return send_contact_code(
        service_request=ServiceRequestFactory(),
        first_name=person.first_name,
        last_name=person.last_name,
        email=email,
        phone="",
        now=now,
    )


def test_own_contact_is_kept_unless_asked(adviser):
    kept, absorbed = twins(adviser)
    before = contact(kept)

    merge(adviser, kept, absorbed)

    assert contact(kept) == before


def test_contact_taken_is_swapped_with_its_proof(adviser):
    kept, absorbed = twins(adviser)
    own, other = kept.email, absorbed.email

    merge(adviser, kept, absorbed, taken=[ContactPart.EMAIL, ContactPart.NAME])

    for person in (kept, absorbed):
        person.refresh_from_db()
    assert (kept.email, kept.last_name, absorbed.email) == (other, "MORVAN", own)
    assert kept.email_verified_at is not None
    assert absorbed.email_verified_at is not None


def test_contact_that_is_missing_is_copied(adviser):
    kept, absorbed = twins(adviser, phone_verified_at=KNOWN_FIRST)
    Beneficiary.objects.filter(pk=kept.pk).update(email="", email_verified_at=None)

    merge(adviser, kept, absorbed)

    kept.refresh_from_db()
    assert kept.email == absorbed.email
    assert kept.email_verified_at == absorbed.email_verified_at


@pytest.mark.parametrize("taken", [[], [ContactPart.EMAIL]])
def test_either_address_finds_the_person_kept(adviser, taken):
    kept, absorbed = twins(adviser)
    addresses = (kept.email, absorbed.email)
    merge(adviser, kept, absorbed, taken=taken)

    peoples = [people_known_by(code_for(kept, address)) for address in addresses]

    assert peoples == [[kept], [kept]]


def test_frozen_person_is_not_found_by_the_other_address(adviser):
    kept, absorbed = twins(adviser)
    merge(adviser, kept, absorbed)
    Beneficiary.objects.filter(pk=kept.pk).update(restricted_at=NOW)

    assert people_known_by(code_for(kept, absorbed.email)) == []


def test_code_at_the_other_address_proves_nothing_of_the_first(adviser):
    kept, absorbed = twins(adviser)
    merge(adviser, kept, absorbed)
    Beneficiary.objects.filter(pk=kept.pk).update(email_verified_at=None)
    asked = code_for(kept, absorbed.email)

    person = known_or_new_person(asked, request=asked.service_request, now=NOW)

    assert (person.pk, person.email_verified_at) == (kept.pk, None)


def test_account_of_the_file_absorbed_is_given(adviser):
    kept, absorbed = twins(adviser)
    ServiceRequestFactory(beneficiary=kept)  # known elsewhere too: the one to keep, without an account
    open_account(absorbed, NOW)
    user = absorbed.user

    merge(adviser, kept, absorbed)

    assert contact(kept)["user_id"] == user.pk
    assert contact(absorbed)["user_id"] is None


def test_two_accounts_open_the_same_space(adviser):
    kept, absorbed = twins(adviser)
    open_account(kept, NOW)
    open_account(absorbed, NOW)

    merge(adviser, kept, absorbed)

    assert {signed_in_by(kept.email), signed_in_by(absorbed.email)} == {kept.user}


def signed_in_by(address):
    (user,) = filter_users_by_email(address, is_active=True, prefer_verified=True, for_login=True)
    return user


@pytest.mark.parametrize("taken", [[], [ContactPart.NAME, ContactPart.EMAIL]])
@pytest.mark.parametrize("accounts", ["none", "absorbed", "both"])
def test_undo_gives_contacts_and_accounts_back_exactly(adviser, taken, accounts):
    kept, absorbed = twins(adviser)
    ServiceRequestFactory(beneficiary=kept)  # known elsewhere too: the one to keep
    for person, wanted in ((kept, {"both"}), (absorbed, {"both", "absorbed"})):
        if accounts in wanted:
            open_account(person, NOW)
    before = contact(kept), contact(absorbed)

    done = merge(adviser, kept, absorbed, taken=taken)
    undo_merge(merge=done, by=signed(adviser), now=NOW + timedelta(days=1))

    assert (contact(kept), contact(absorbed)) == before
    if accounts == "both":
        assert signed_in_by(absorbed.email) == absorbed.user


def test_what_the_person_corrected_since_stays(adviser):
    kept, absorbed = twins(adviser)
    done = merge(adviser, kept, absorbed, taken=[ContactPart.EMAIL])
    Beneficiary.objects.filter(pk=kept.pk).update(email="neuve@exemple.example")

    undo_merge(merge=done, by=signed(adviser), now=NOW + timedelta(days=1))

    kept.refresh_from_db()
    assert kept.email == "neuve@exemple.example"
