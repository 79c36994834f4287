"""What a manager reads of a contract: promises measured, penalties notified, rules; nothing of another."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cep_portal.accounts.enums import Role
from procurement.followup.enums import PenaltyState
from reporting.kpis.rules.definitions import DEFINITIONS
from reporting.kpis.rules.ripeness import last_ripe_month
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory
from tests.factories.reporting import KpiRunFactory, KpiValueFactory

pytestmark = pytest.mark.django_db
URL = "procurement:own_commitments"


def panels(response):
    return {part.title: part.data for part in response.context["panels"]}


def measured(version, numerator, denominator):
    KpiValueFactory(
        run=KpiRunFactory(),
        kpi=version.indicator,
        contract=version.commitment.contract,
        numerator=numerator,
        denominator=denominator,
        period_starts_on=last_ripe_month(DEFINITIONS[version.indicator], on=timezone.localdate()).starts_on,
    )


def test_promises_stand_beside_the_last_months_exactly(client, manager, version):
    measured(version, 24, 2)
    client.force_login(manager)

    response = client.get(reverse(URL))

    (row,) = panels(response)["Engagements"]["rows"]
    ripe = next(cell for cell in row.cells if cell.state not in ("", "no_data"))
    assert (row.latest, ripe.state, ripe.text) == (version, "missed", "12,0\u00a0j")
    assert (
        reverse("procurement:commitment_list", args=[response.context["contract"].uuid]) not in response.text
    )


def test_measures_are_those_france_competences_reads(client, manager, instructor, version):
    measured(version, 2_400, 200)
    client.force_login(manager)
    own = panels(client.get(reverse(URL)))["Engagements"]["rows"]

    client.force_login(instructor)
    contract = version.commitment.contract
    theirs = client.get(reverse("procurement:contract_detail", args=[contract.uuid]))

    assert own == panels(theirs)["Engagements"]["rows"]


def test_penalties_are_read_once_notified_with_what_they_come_to(client, manager, penalty_in):
    penalty_in(PenaltyState.PROPOSED)
    notified = penalty_in(PenaltyState.NOTIFIED)
    client.force_login(manager)

    response = client.get(reverse(URL))

    data = panels(response)["Pénalités"]
    assert list(data["penalties"]) == [notified]
    assert reverse("procurement:own_penalty", args=[notified.uuid]) in response.text
    assert reverse("procurement:penalty_list") not in response.text


def test_other_holder_s_promises_are_not_there(client, manager, version):
    other = CommitmentVersionFactory(commitment__title="Promesse d’un autre")
    client.force_login(manager)

    response = client.get(reverse(URL))

    assert list(response.context["versions"]) == [version]
    assert other.commitment.title not in response.text
    assert client.get(reverse(URL), {"lot": str(other.commitment.contract.uuid)}).status_code == 404


def test_one_contract_at_a_time_the_one_in_force_first(client, manager, contract):
    second = ContractFactory(
        holder=contract.holder, lot__market=contract.lot.market, lot__regions=[], ends_on=contract.ends_on
    )
    CommitmentVersionFactory(commitment__contract=second)
    client.force_login(manager)

    shown = client.get(reverse(URL), {"lot": str(second.uuid)})

    assert client.get(reverse(URL)).context["contract"] in (contract, second)
    assert shown.context["contract"] == second
    assert [tab["current"] for tab in shown.context["lots"]].count(True) == 1
    assert len(shown.context["versions"]) == 1


def test_manager_without_a_contract_is_told_so(client, db):
    client.force_login(UserFactory(role=Role.OPERATOR_MANAGER))

    assert "n’a pas de contrat" in client.get(reverse(URL)).text
