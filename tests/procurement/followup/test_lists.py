"""What a list of penalties says of each: whose, which month, how old, until when, and what it will cost."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from procurement.followup.enums import PenaltyState
from procurement.followup.presenters import penalty_rows, penalty_totals
from procurement.followup.selectors import penalty_list
from tests.factories.accounts import UserFactory
from tests.factories.procurement import ContractFactory
from tests.procurement.followup.conftest import PARAMS

pytestmark = pytest.mark.django_db
EXEMPT = {"exemption": {"amount": "1000.00"}}


@pytest.fixture
def contract(db):
    return ContractFactory(lot__market__rule_set__params=PARAMS | EXEMPT)


def rows(user, on):
    return penalty_rows(penalty_list(user=user), on=on)


@pytest.mark.parametrize(
    ("state", "on", "age", "due", "is_late"),
    [
        (PenaltyState.NOTIFIED, date(2026, 11, 3), "aujourd’hui", "encore 15 jours", False),
        (PenaltyState.NOTIFIED, date(2026, 11, 17), "depuis 14 jours", "encore 1 jour", False),
        (PenaltyState.NOTIFIED, date(2026, 11, 18), "depuis 15 jours", "dernier jour", False),
        (PenaltyState.NOTIFIED, date(2026, 11, 19), "depuis 16 jours", "délai passé", True),
        (PenaltyState.OBSERVED, date(2026, 11, 22), "depuis 12 jours", "", False),
        (PenaltyState.SILENT, date(2026, 11, 22), "depuis 4 jours", "", False),
        (PenaltyState.WAIVED, date(2026, 11, 22), "", "", False),
    ],
)
def test_a_row_says_its_age_and_what_is_left(penalty_in, instructor, state, on, age, due, is_late):
    penalty_in(state)

    (row,) = rows(instructor, on)

    assert (row.age, row.due, row.is_late) == (age, due, is_late)


@pytest.mark.parametrize(
    ("states", "charged"),
    [
        ([PenaltyState.REDUCED], ["rien ne sera facturé"]),
        ([PenaltyState.REDUCED, PenaltyState.APPLIED], ["", ""]),
        ([PenaltyState.WAIVED], [""]),
        ([PenaltyState.OBSERVED], [""]),
    ],
)
def test_an_exempt_penalty_says_that_nothing_is_charged(penalty_in, instructor, states, charged):
    for state in states:
        penalty_in(state)

    assert [row.charged for row in rows(instructor, date(2026, 11, 22))] == charged


def test_totals_are_those_of_the_rows_shown(penalty_in, instructor):
    computed = sum(
        penalty_in(state).computed_amount_excl_tax
        for state in (PenaltyState.REDUCED, PenaltyState.WAIVED, PenaltyState.OBSERVED)
    )

    totals = penalty_totals(list(penalty_list(user=instructor)))

    assert (totals.computed, totals.decided) == (computed, Decimal("800.00"))


def test_totals_say_nothing_of_a_decision_that_none_took(penalty_in, instructor):
    penalty_in(PenaltyState.OBSERVED)

    assert penalty_totals(list(penalty_list(user=instructor))).decided is None


@pytest.mark.parametrize(
    ("role", "name"), [(Role.DECIDER, "to_decide"), (Role.CONTRACT_MANAGER, "penalty_list")]
)
def test_links_are_named_by_holder_and_month(client, penalty_in, contract, role, name):
    penalty = penalty_in(PenaltyState.OBSERVED)
    client.force_login(UserFactory(role=role))

    page = client.get(reverse(f"procurement:{name}")).text

    url = reverse("procurement:penalty_detail", args=[penalty.uuid])
    assert f'<a href="{url}">{contract.holder}, octobre 2026</a>' in page
    assert page.count("<tfoot>") == 1


def test_facts_hold_no_promise_and_the_promise_is_quoted(client, penalty_in, decider):
    penalty = penalty_in(PenaltyState.OBSERVED)
    client.force_login(decider)

    page = client.get(reverse("procurement:penalty_detail", args=[penalty.uuid])).text

    facts, promise = page.partition("Les faits")[2].split("L’engagement</h2>")
    assert penalty.version.text not in facts
    assert penalty.version.text in promise.partition("<blockquote>")[2].partition("</blockquote>")[0]
