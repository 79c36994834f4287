"""What changed since a mark: by the transactions that wrote it, corrections included (ADR 0057)."""

import pytest
from django.core import signing
from django.db import connection

from beneficiaries.rights.services import lift_restriction
from operators.exchange.software.api.paging import SIGNED
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.exchange.software.calls import kinds, url, wait_until_told

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("present")]
LISTS = {
    "requests": ("beneficiaries_servicerequest", "state = 'SCHEDULED'", "attestation_id = NULL"),
    "appointments": ("operators_appointment", "mode = 'PHONE'", "calendar_sequence = calendar_sequence + 1"),
    "pathways": ("operators_pathway", "entered_on = entered_on - 1", "uuid = uuid"),
    "sessions": ("operators_counsellingsession", "duration_minutes = 45", "themes = '{CHANGE_JOB}'"),
}


@pytest.fixture
def held(site):
    adviser = site.advisers.get()
    request = ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())
    appointment = AppointmentFactory(
        adviser=adviser,
        starts_at=at("2026-12-07 09:00"),
        service_request=request,
        beneficiary=request.beneficiary,
    )
    pathway = PathwayFactory(adviser=adviser, beneficiary=request.beneficiary, service_request=request)
    CounsellingSessionFactory(pathway=pathway, starts_at=at("2026-11-23 09:00"))
    return appointment


def follow(api, name, mark):
    wait_until_told()
    return read(api, name, mark)


def read(api, name, mark):
    answer = api.get(url(name), {"mark": mark}).json()
    assert answer["next"] is None
    return answer["results"], answer["mark"]


def write(table, change):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change}")


@pytest.mark.parametrize("name", LISTS)
def test_what_changed_is_told_again_and_nothing_else(api, held, name):
    table, seen, unseen = LISTS[name]
    first, mark = follow(api, name, "")
    assert len(first) == 1

    write(table, unseen)
    unchanged, mark = follow(api, name, mark)
    write(table, seen)
    changed, mark = follow(api, name, mark)

    assert (unchanged, len(changed), follow(api, name, mark)[0]) == ([], 1, [])
    assert changed[0].get("id") == first[0].get("id")


@pytest.mark.parametrize("name", LISTS)
def test_mark_is_that_of_the_writing_transaction_whatever_is_written(held, name):
    table, _, _ = LISTS[name]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT changed_xid::text FROM {table}")
        (before,) = cursor.fetchone()
        cursor.execute(f"UPDATE {table} SET changed_xid = '3' RETURNING changed_xid::text")
        (forged,) = cursor.fetchone()

    assert int(forged) > int(before) > 3


@pytest.mark.parametrize("name", LISTS)
def test_frozen_file_is_told_whole_once_it_is_open_again(api, held, name):
    write("beneficiaries_beneficiary", "restricted_at = '2026-11-20 09:00Z'")
    hidden, mark = follow(api, name, "")
    lift_restriction(beneficiary=held.beneficiary, by=UserFactory(), now=NOW)

    assert (hidden, len(follow(api, name, mark)[0])) == ([], 1)


@pytest.mark.parametrize("mark", ["x", "2026-11-23T09:00:00+01:00", signing.dumps([0, 0, 0])])
def test_only_our_marks_are_followed(api, mark):
    assert kinds(api.get(url("requests"), {"mark": mark})) == (422, "invalid")


@pytest.mark.parametrize("place", [[10**15, 0, None], [1, 0, 42]])
def test_mark_of_other_data_is_refused_and_says_to_begin_again(api, place):
    """A dump restored in another cluster counts its transactions anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        (cluster,) = cursor.fetchone()
    place[2] = place[2] or cluster

    response = api.get(url("requests"), {"mark": signing.dumps(place, salt=SIGNED)})

    assert "restaurées" in response.json()["errors"][0]["message"]


def test_a_filter_would_lose_corrections_and_is_refused(api):
    response = api.get(url("requests"), {"mark": "", "state": "REGISTERED"})

    assert (kinds(response), response.json()["errors"][0]["field"]) == ((422, "invalid"), "mark")


@pytest.mark.parametrize("count", [1, 4])
def test_feed_query_count_is_constant(api, site, django_assert_num_queries, count):
    for _ in range(count):
        ServiceRequestFactory(contract=site.contract, beneficiary=BeneficiaryFactory())

    wait_until_told()

    with django_assert_num_queries(3):  # client, place, requests
        assert len(read(api, "requests", "")[0]) == count
