import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from cep_portal.common.days import months_later
from procurement.commitments.models import CommitmentVersion
from procurement.tender.reference import RULE_SETS
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory

PARAMS = {facts.code: facts.params for facts in RULE_SETS}["DEMO-MARCHE-2"]


@pytest.fixture
def contract(db):
    return ContractFactory(
        lot__market__rule_set__params=PARAMS, ends_on=timezone.localdate().replace(year=2099, day=1)
    )


@pytest.fixture
def signed_in(client, contract):
    def enter(role):
        organisation = contract.holder if role in Role.of_operators else None
        user = UserFactory(role=role, role__organisation=organisation)
        client.force_login(user)
        return user

    return enter


def month(ahead):
    return months_later(timezone.localdate().replace(day=1), ahead)


def words(**changes):
    return {
        "title": "Recevoir vite",
        "text": "Recevoir sous dix jours.",
        "indicator": "first_appointment_days",
        "comparison": "AT_MOST",
        "target": "10,00",
        "penalty_clause": "missed_target",
        "first_month": month(1).isoformat(),
        **changes,
    }


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.ANALYST, [200, 403, 403, 403]),
        (Role.BUYER, [200, 403, 403, 403]),
        (Role.DECIDER, [200, 403, 403, 403]),
        (Role.CONTRACT_MANAGER, [200, 200, 200, 403]),
        (Role.ADMINISTRATOR, [403, 403, 403, 403]),
        (Role.OPERATOR_MANAGER, [403, 403, 403, 200]),
        (Role.ADVISER, [403, 403, 403, 403]),
    ],
)
def test_pages_by_role(client, signed_in, contract, role, expected):
    version = CommitmentVersionFactory(commitment__contract=contract)
    signed_in(role)
    urls = [
        reverse("procurement:commitment_list", args=[contract.uuid]),
        reverse("procurement:commitment_add", args=[contract.uuid]),
        reverse("procurement:commitment_supersede", args=[version.commitment.uuid]),
        reverse("procurement:own_commitments"),
    ]

    responses = [client.get(url) for url in urls]

    assert [response.status_code for response in responses] == expected
    assert not any("undefined" in response.content.decode() for response in responses)


def test_commitment_is_added_then_revised(client, signed_in, contract):
    signed_in(Role.CONTRACT_MANAGER)

    client.post(reverse("procurement:commitment_add", args=[contract.uuid]), words())
    first = CommitmentVersion.objects.get()
    client.post(
        reverse("procurement:commitment_supersede", args=[first.commitment.uuid]),
        words(target="8,50", first_month=month(3).isoformat()),
    )

    versions = CommitmentVersion.objects.order_by("version")
    assert [(str(version.target), version.first_month, version.last_month) for version in versions] == [
        ("10.00", month(1), month(2)),
        ("8.50", month(3), None),
    ]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"first_month": month(0).isoformat()}, ["first_month"]),
        ({"indicator": "unknown"}, ["indicator"]),
        ({"target": "-1"}, ["target"]),
        ({"penalty_clause": "cap"}, ["penalty_clause"]),
    ],
)
def test_form_refuses_what_cannot_bind(client, signed_in, contract, changes, fields):
    signed_in(Role.CONTRACT_MANAGER)

    response = client.post(reverse("procurement:commitment_add", args=[contract.uuid]), words(**changes))

    assert list(response.context["form"].errors) == fields


def test_refusal_of_the_service_is_shown_on_the_form(client, signed_in, contract):
    version = CommitmentVersionFactory(commitment__contract=contract, first_month=month(3))
    signed_in(Role.CONTRACT_MANAGER)

    response = client.post(
        reverse("procurement:commitment_supersede", args=[version.commitment.uuid]), words()
    )

    assert list(response.context["form"].errors) == ["__all__"]


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.OPERATOR_MANAGER])
def test_list_query_count_is_constant(client, signed_in, contract, django_assert_num_queries, role, count):
    CommitmentVersionFactory.create_batch(count, commitment__contract=contract)
    CommitmentVersionFactory()  # of another holder
    signed_in(role)
    own = role == Role.OPERATOR_MANAGER
    url = (
        reverse("procurement:own_commitments")
        if own
        else reverse("procurement:commitment_list", args=[contract.uuid])
    )

    # own: session, user, mandate, contracts, regions, versions, measures (2), penalties, their charge
    with django_assert_num_queries(10 if own else 5):
        response = client.get(url)

    assert len(response.context["versions"]) == count
