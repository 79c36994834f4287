from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from procurement.followup.models import Penalty
from procurement.tender.reference import RULE_SETS
from reporting.assessment.models import AssessmentRun
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.periods import last_closed_month
from reporting.kpis.rules.ripeness import last_ripe_month
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory

PARAMS = {facts.code: facts.params for facts in RULE_SETS}["DEMO-MARCHE-2"]
URL = reverse("reporting:assessments")
START = reverse("reporting:assessment_start")


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


def missed_month():
    now = timezone.now()
    month = last_closed_month(timezone.localdate(now)).starts_on
    month_over = timezone.localdate(now).replace(day=1)
    run = KpiRunFactory(known_at=now, started_at=now)
    contract = ContractFactory(
        lot__market__rule_set__params=PARAMS, ends_on=month.replace(year=month.year + 1)
    )
    CommitmentVersionFactory(commitment__contract=contract)
    KpiValueFactory(
        kpi="first_appointment_days",
        contract=contract,
        period_starts_on=last_ripe_month(DEFINITIONS["first_appointment_days"], on=month_over).starts_on,
        numerator=1240,
        denominator=100,
        run=run,
    )


def test_button_proposes_what_was_missed(client, db, django_capture_on_commit_callbacks):
    missed_month()
    user = UserFactory(role=Role.CONTRACT_MANAGER)
    client.force_login(user)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(START)

    run = AssessmentRun.objects.get()
    assert (run.state, run.requested_under, run.results) == ("DONE", user.mandate, [1, 0, 0, 0, 0, 0])
    assert Penalty.objects.count() == 1
    assert "undefined" not in client.get(URL).content.decode()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DECIDER])
def test_button_belongs_to_managers_of_contracts(client, db, role):
    missed_month()
    client.force_login(UserFactory(role=role))

    status = client.post(START).status_code

    assert (status, AssessmentRun.objects.count()) == (403, 0)


def test_month_without_figures_is_refused_in_words(client, db):
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    response = client.post(START, follow=True)

    assert "ne sont pas encore calculés" in response.content.decode()


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(client, db, django_assert_num_queries, count):
    user = UserFactory(role=Role.CONTRACT_MANAGER)
    figures = KpiRunFactory()
    start = datetime.fromisoformat("2026-11-01T04:10:00+00:00")
    for place in range(count):
        AssessmentRun.objects.create(
            month=start.date(),
            kpi_run=figures,
            requested_under=user.mandate,
            started_at=start + timedelta(hours=place),
        )
    client.force_login(user)

    with django_assert_num_queries(4):
        response = client.get(URL)

    assert len(response.context["runs"]) == count


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
