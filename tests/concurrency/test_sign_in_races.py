"""Two first sign-ins of one person at the same instant, with real threads: one account."""

import pytest

from beneficiaries.signin.models import SignInCode
from beneficiaries.signin.services import open_space, prove_sign_in_code, send_sign_in_code
from cep_portal.accounts.models import Mandate, User
from tests.beneficiaries.signin.entering import last_code
from tests.clock import present
from tests.factories.beneficiaries import BeneficiaryFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = present()


def proved(**contact) -> SignInCode:
    row = send_sign_in_code(now=NOW, **contact)
    prove_sign_in_code(sign_in_code=row, code=last_code(), now=NOW)
    return row


def test_two_first_sign_ins_make_one_account(race):
    for number in range(10):
        told = {"email_verified_at": None, "contact_proved_at": None}
        person = BeneficiaryFactory(phone=f"06 39 98 00 {number:02d}", **told)
        rows = [proved(email=person.email), proved(phone=person.phone), proved(email=person.email)]
        names = {"first_name": person.first_name, "last_name": person.last_name, "now": NOW}

        outcomes = race(*[lambda row=row, names=names: open_space(sign_in_code=row, **names) for row in rows])

        assert outcomes["done"] + outcomes["NobodyBehind"] == 3
        assert outcomes["done"] >= 1
        assert Mandate.objects.filter(user__beneficiary=person).count() == 1
        assert User.objects.count() == number + 1


def test_two_people_of_one_mailbox_at_once_are_two_accounts_of_one_address(race):
    people = [BeneficiaryFactory(email="foyer@exemple.example") for _ in range(2)]
    rows = [proved(email="foyer@exemple.example") for _ in people]

    outcomes = race(
        *[
            lambda row=row, person=person: open_space(
                sign_in_code=row, first_name=person.first_name, last_name=person.last_name, now=NOW
            )
            for row, person in zip(rows, people, strict=True)
        ]
    )

    assert outcomes["done"] == 2
    assert sorted(User.objects.values_list("email", flat=True)) == ["", "foyer@exemple.example"]
