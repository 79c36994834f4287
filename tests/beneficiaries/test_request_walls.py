"""What the database itself refuses, whatever the code does."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from beneficiaries.request import errors
from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import Mandate, User
from tests.beneficiaries.test_request_services import LOU, code_of, confirm, send
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import CommuneFactory


def run_sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "requested_at = requested_at - interval '1 day'",
        "requested_at = requested_at + interval '1 microsecond'",
        "reference = 'ABCDEFGHJKMN'",
        "situation = 'EXECUTIVE'",
        "commune_id = '67482'",
        "commune_basis = 'WORK'",
        "needs = array['TRAINING']",
        "needs = needs || array['TRAINING']::varchar[]",
        "urgency = 'DISMISSAL'",
        "access_needs = array['STEP_FREE']",
        "contract_id = contract_id + 1",
    ],
)
def test_facts_of_a_request_never_change(change):
    request = ServiceRequestFactory()
    CommuneFactory(strasbourg=True)
    ContractFactory.create(
        lot=request.contract.lot, pk=request.contract.pk + 1, ends_on="2023-12-31", starts_on="2023-01-01"
    )

    with pytest.raises(DatabaseError, match="Cannot update"):
        run_sql(f"UPDATE beneficiaries_servicerequest SET {change} WHERE id = %s", request.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("needs", [], "request_needs_known"),
        ("needs", ["TRAINING", "NIR"], "request_needs_known"),
        ("urgency", "YESTERDAY", "request_urgency_known"),
        ("access_needs", ["STEP_FREE", "DIAGNOSIS"], "request_access_needs_known"),
    ],
)
def test_answers_of_a_request_come_from_the_closed_lists(column, value, constraint):
    contract, commune = ContractFactory(), CommuneFactory()

    with pytest.raises(DatabaseError, match=constraint):
        ServiceRequestFactory(contract=contract, commune=commune, **{column: value})


@pytest.mark.django_db
def test_request_is_never_deleted():
    request = ServiceRequestFactory()

    with pytest.raises(DatabaseError, match="Cannot delete"):
        run_sql("DELETE FROM beneficiaries_servicerequest WHERE id = %s", request.pk)


@pytest.mark.django_db
def test_person_of_a_request_is_set_once():
    request = ServiceRequestFactory()
    first, second = BeneficiaryFactory.create_batch(2)
    attach = "UPDATE beneficiaries_servicerequest SET beneficiary_id = %s WHERE id = %s"
    run_sql(attach, first.pk, request.pk)
    run_sql(attach, first.pk, request.pk)

    for other in (second.pk, None):
        with pytest.raises(DatabaseError, match="set once"):
            run_sql(attach, other, request.pk)


def together(*acts):
    """Run each act in its own thread and connection at the same moment; what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait()
            results[place] = act()
        except errors.DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_code_sent_twice_at_once_is_used_once():
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)

    results = together(*[lambda: confirm(contact_code, code)] * 4)

    assert sorted(type(result).__name__ for result in results) == ["Beneficiary", *["CodeUsed"] * 3]
    assert Beneficiary.objects.count() == User.objects.count() == Mandate.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_codes_of_one_person_at_once_make_one_person():
    contact_codes = [send(ServiceRequestFactory()) for _ in range(4)]
    codes = [code_of(code) for code in contact_codes]

    people = together(*[lambda pair=pair: confirm(*pair) for pair in zip(contact_codes, codes, strict=True)])

    assert len({person.pk for person in people}) == 1
    assert Beneficiary.objects.get().email == LOU["email"].lower()
    assert User.objects.count() == Mandate.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_all_counted():
    contact_code = send(ServiceRequestFactory())
    code = code_of(contact_code)
    guess = f"{(int(code) + 1) % 1_000_000:06d}"

    results = together(*[lambda: confirm(contact_code, guess)] * 8)

    kinds = sorted(type(result).__name__ for result in results)
    assert kinds == ["CodeExhausted"] * 3 + ["CodeWrong"] * 5
    contact_code.refresh_from_db()
    assert contact_code.attempts == 5
