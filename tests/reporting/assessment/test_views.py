import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from procurement.tender.reference import RULE_SETS
from reporting.assessment.models import CommitmentResult
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.closings import ClosingFactory
from tests.factories.procurement import CommitmentVersionFactory

PARAMS = {facts.code: facts.params for facts in RULE_SETS}["DEMO-MARCHE-2"]
URL = reverse("reporting:assessments")


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ANALYST, 200),
        (Role.BUYER, 200),
        (Role.CONTRACT_MANAGER, 200),
        (Role.DECIDER, 200),
        (Role.ADMINISTRATOR, 403),
        (Role.OPERATOR_MANAGER, 403),
        (Role.ADVISER, 403),
    ],
)
def test_page_by_role(client, db, role, status):
    client.force_login(UserFactory(role=role))

    response = client.get(URL)

    assert response.status_code == status
    assert "undefined" not in response.content.decode()


def test_frozen_month_is_read_with_what_became_of_its_commitments(client, db):
    closing = ClosingFactory(frozen_under=MandateFactory(role=Role.ANALYST))
    version = CommitmentVersionFactory(commitment__contract=closing.contract)
    CommitmentResult.objects.create(
        closing=closing, version=version, value=closing.values.get(), outcome="MISSED", reason="Manqué."
    )
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    response = client.get(URL)

    (shown,) = response.context["closings"]
    assert (shown.missed, shown.met, shown.failed) == (1, 0, 0)
    assert reverse("reporting:closing", args=[closing.uuid]) in response.content.decode()


def test_result_says_why_and_never_changes(db):
    closing = ClosingFactory(frozen_under=MandateFactory(role=Role.ANALYST))
    version = CommitmentVersionFactory(commitment__contract=closing.contract)
    value = closing.values.get()
    for wrong in ({"reason": ""}, {"reason": "Tenu.", "value": None}):
        facts = {"value": value, "outcome": "MET", **wrong}
        with pytest.raises(IntegrityError, match="commitment_result"), transaction.atomic():
            CommitmentResult.objects.create(closing=closing, version=version, **facts)
    result = CommitmentResult.objects.create(
        closing=closing, version=version, value=value, outcome="MET", reason="Tenu."
    )
    for change in (
        lambda: CommitmentResult.objects.filter(pk=result.pk).update(outcome="MISSED"),
        result.delete,
    ):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, db, django_assert_num_queries, count):
    for _ in range(count):
        ClosingFactory(frozen_under=MandateFactory(role=Role.ANALYST))
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    with django_assert_num_queries(4):
        response = client.get(URL)

    assert len(response.context["closings"]) == count


@pytest.mark.parametrize("role", [Role.CONTRACT_MANAGER, Role.ANALYST])
def test_contract_page_shows_commitments_and_penalties(client, db, role):
    version = CommitmentVersionFactory(commitment__contract__lot__market__rule_set__params=PARAMS)
    client.force_login(UserFactory(role=role))

    text = client.get(
        reverse("procurement:contract_detail", args=[version.commitment.contract.uuid])
    ).content.decode()

    assert str(version.commitment) in text
    assert "Aucune pénalité." in text
    assert "undefined" not in text
