"""The intake officer's first screen: who waits, a slot for whoever is on the line."""

from datetime import timedelta

import pytest
from django.urls import reverse

from beneficiaries.request.services.nobody import make_nobody
from cep_portal.accounts.enums import Role
from operators.reception.calls import rules
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.demand import CallBackFactory, WaitingEntryFactory
from tests.factories.operators import AppointmentFactory
from tests.factories.procurement import ContractFactory
from tests.factories.territories import RegionFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


def as_role(role):
    return UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)


@pytest.mark.parametrize(
    ("rule", "roles"),
    [
        (rules.can_answer_requests, {Role.INTAKE_OFFICER, Role.ADVISER}),
        (rules.can_book_for_callers, {Role.INTAKE_OFFICER, Role.ADVISER}),
        (rules.can_book_next, {Role.ADVISER}),
    ],
)
def test_rules_by_role(rule, roles):
    assert {role for role in Role if rule(as_role(role))} == roles


@pytest.fixture
def officer(client):
    officer = UserFactory(role=Role.INTAKE_OFFICER)
    client.force_login(officer)
    return officer


@pytest.mark.parametrize("count", [1, 4])
def test_request_list_query_count_is_constant(client, officer, django_assert_num_queries, count):
    """les-emplois 1643, 1898, 2352, 2710: lists of 8 s."""
    for _ in range(count):
        ServiceRequestFactory(contract__holder=officer.mandate.organisation, beneficiary=BeneficiaryFactory())

    with django_assert_num_queries(6):  # session, user, mandates, count, requests, call-backs
        response = client.get(reverse("operators:request_list"))

    assert len(response.context["rows"]) == count


def test_request_list_holds_what_waits_oldest_first(client, officer):
    holder = officer.mandate.organisation
    recent = ServiceRequestFactory(contract__holder=holder, beneficiary=BeneficiaryFactory())
    old = ServiceRequestFactory(
        contract__holder=holder,
        beneficiary=BeneficiaryFactory(),
        requested_at=recent.requested_at - timedelta(days=3),
    )
    booked = ServiceRequestFactory(contract__holder=holder)
    AppointmentFactory(service_request=booked)
    ServiceRequestFactory(contract__holder=holder, state="SERVED")
    ServiceRequestFactory(beneficiary=BeneficiaryFactory(last_name="Autrui"))

    response = client.get(reverse("operators:request_list"))

    assert [row["request"] for row in response.context["rows"]] == [old, recent]
    assert "Autrui" not in response.text


def test_who_waits_in_the_list_already_says_so(client, officer):
    contract = ContractFactory(holder=officer.mandate.organisation)
    waiting = WaitingEntryFactory(site__contract=contract)
    other = ServiceRequestFactory(contract=contract, beneficiary=BeneficiaryFactory())

    page = client.get(reverse("operators:request_list"))

    shown = {row["request"]: row["request"].is_waiting for row in page.context["rows"]}
    assert shown == {waiting.service_request: True, other: False}
    assert page.text.count("en liste d’attente") == 1


def test_who_cannot_be_reached_stands_in_no_queue(client, officer):
    holder = officer.mandate.organisation
    nobody = ServiceRequestFactory(contract__holder=holder)
    erased = ServiceRequestFactory(contract__holder=holder, beneficiary=BeneficiaryFactory(by_phone=True))
    make_nobody(erased.beneficiary.pk, NOW)
    promised = CallBackFactory(service_request__contract__holder=holder).service_request

    page = client.get(reverse("operators:request_list"))

    assert [row["request"] for row in page.context["rows"]] == [promised]
    assert nobody.displayed_reference not in page.text
