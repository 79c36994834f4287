"""What the list of contracts says of each: where it stands, how long still, its month, what waits."""

from datetime import date

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from procurement.contracts.presenters import contract_rows
from procurement.contracts.selectors import contract_list
from procurement.followup.enums import PenaltyState
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory, PenaltyFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


def rows(role=Role.CONTRACT_MANAGER):
    return contract_rows(contract_list(user=UserFactory(role=role), on=TODAY), on=TODAY)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "status", "end"),
    [
        (date(2024, 1, 2), date(2027, 12, 31), "en vigueur", "31 déc. 2027, encore 404 jours"),
        (date(2024, 1, 2), date(2026, 11, 23), "en vigueur", "23 nov. 2026, encore 1 jour"),
        (date(2024, 1, 2), date(2026, 11, 22), "en vigueur", "22 nov. 2026, dernier jour"),
        (date(2026, 11, 25), date(2027, 12, 31), "à venir", "commence le 25 nov. 2026, dans 3 jours"),
        (date(2024, 1, 2), date(2026, 11, 21), "terminé", "21 nov. 2026"),
    ],
)
def test_a_row_says_where_the_contract_stands_and_the_days_left(starts_on, ends_on, status, end):
    ContractFactory(starts_on=starts_on, ends_on=ends_on)

    assert [(row.status, row.end) for row in rows()] == [(status, end)]


def promises():
    contract = ContractFactory()
    kept, missed, dropped, ended = (CommitmentVersionFactory(commitment__contract=contract) for _ in range(4))
    type(ended).objects.filter(pk=ended.pk).update(last_month=date(2026, 9, 1))
    PenaltyFactory(version=missed, month=date(2026, 10, 1))
    PenaltyFactory(version=dropped, month=date(2026, 10, 1), state=PenaltyState.DROPPED)
    PenaltyFactory(version=kept, month=date(2026, 8, 1))


def test_a_row_counts_the_commitments_of_the_month_and_what_waits():
    promises()

    (row,) = rows()

    assert row.month == "3 suivis, 1 manqué"
    assert row.waiting == "2 pénalités à notifier"


def test_who_reads_no_penalty_counts_none():
    promises()

    (row,) = rows(Role.ADMINISTRATOR)

    assert (row.month, row.waiting) == ("", "")


def test_contracts_in_force_come_first_unless_a_sort_is_asked(client):
    past, now = ContractFactory(ends_on=date(2026, 1, 1)), ContractFactory()
    client.force_login(UserFactory(role=Role.CONTRACT_MANAGER))

    def listed(**query):
        rows = client.get(reverse("procurement:contract_list"), query).context["rows"]
        return [row.contract for row in rows]

    assert listed() == [now, past]
    assert listed(tri="fin") == [past, now]
