"""The requests of an operator, read by its software: what an officer sees, but no name nor contact."""

from datetime import timedelta

import pytest

from beneficiaries.request.models import Beneficiary
from tests.clock import moved
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.operators.booking.agenda.clock import NOW
from tests.operators.exchange.software.calls import PERSON, kinds, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
FIRST = moved("2026-11-02 09:30")


def listed(api, **query):
    return [one["reference"] for one in api.get(url("requests"), query).json()["results"]]


def test_request_says_what_was_asked_and_not_who(api, site):
    person = BeneficiaryFactory(**PERSON)
    service_request = ServiceRequestFactory(contract=site.contract, beneficiary=person, commune=site.commune)

    response = api.get(url("request", service_request.reference))

    assert response.json() == {
        "reference": service_request.reference,
        "state": "REGISTERED",
        "requested_at": "2026-11-02T09:30:00+01:00",
        "zone": "Europe/Paris",
        "person": str(person.uuid),
        "situation": "EMPLOYEE",
        "commune": site.commune_id,
        "commune_basis": "HOME",
        "needs": ["CHANGE_JOB"],
        "urgency": "NO_HURRY",
        "access_needs": [],
    }
    assert [text for text in PERSON.values() if text in response.text] == []


def test_requests_are_the_operator_s(api, site):
    own = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    foreign = ServiceRequestFactory(beneficiary=BeneficiaryFactory())

    assert listed(api) == [own.reference]
    assert kinds(api.get(url("request", foreign.reference))) == (404, "not_found")


@pytest.mark.parametrize("mark", ["restricted_at", "erased_at"])
def test_frozen_and_erased_people_are_not_told(api, site, mark):
    identity = {"first_name": "Personne", "last_name": "effacée", "email": "a@efface.invalid", "phone": ""}
    person = BeneficiaryFactory()
    hidden = ServiceRequestFactory(contract=site.contract, beneficiary=person)
    changed = {mark: NOW, **(identity if mark == "erased_at" else {})}
    Beneficiary.objects.filter(pk=person.pk).update(**changed)

    assert listed(api) == []
    assert api.get(url("request", hidden.reference)).status_code == 404


def test_a_request_without_a_person_to_reach_is_not_told(api, site):
    nobody = ServiceRequestFactory(contract=site.contract)

    assert listed(api) == []
    assert api.get(url("request", nobody.reference)).status_code == 404


def test_period_and_state_choose(api, site):
    """The first instant is in, the last is out."""
    for day in range(3):
        ServiceRequestFactory(
            contract=site.contract,
            beneficiary=BeneficiaryFactory(),
            requested_at=FIRST + timedelta(days=day),
            reference=f"{day:012d}",
            state="SERVED" if day == 1 else "REGISTERED",
        )

    span = {"since": "2026-11-03T09:30:00+01:00", "until": "2026-11-04T09:30:00+01:00"}
    assert listed(api, **span) == ["000000000001"]
    assert listed(api, state="REGISTERED") == ["000000000000", "000000000002"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-11-03T09:30:00"}, "since"),
        ({"since": "2026-11-03T09:30:00Z", "until": "2026-11-03T09:30:00Z"}, "until"),
        ({"state": "LOST"}, "state"),
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"cursor": "forged"}, "cursor"),
    ],
)
def test_wrong_query_is_told_field_by_field(api, query, field):
    response = api.get(url("requests"), query)

    assert kinds(response) == (422, "invalid")
    assert [one["field"] for one in response.json()["errors"]] == [field]


@pytest.mark.parametrize("count", [1, 4])
def test_request_list_query_count_is_constant(api, site, django_assert_num_queries, count):
    ServiceRequestFactory.create_batch(count, contract=site.contract, beneficiary=BeneficiaryFactory())

    with django_assert_num_queries(2):  # client, requests
        assert len(listed(api)) == count
