"""The invented region exists nowhere."""

import csv

import pytest

from cep_portal.accounts.rules import siret_is_valid
from cep_portal.territories import services as territories
from cep_portal.training.services import region
from tests.training.conftest import NOW


def codes(folder, name, column):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {code for row in csv.DictReader(file) for code in row[column].split("|")}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("regions", "insee_code"),
        ("regions", "name"),
        ("departments", "code"),
        ("departments", "name"),
        ("communes", "insee_code"),
        ("communes", "name"),
        ("communes", "postal_codes"),
    ],
)
def test_no_code_nor_name_is_one_of_france(name, column):
    assert codes(region.DATA, name, column) & codes(territories.DATA, name, column) == set()


def test_holders_are_said_invented_with_a_number_of_no_register():
    holders = [lot.holder for lot in region.market(NOW).lots]

    assert [
        holder_facts.name.endswith("(inventé)") and holder_facts.is_fictional for holder_facts in holders
    ] == [True, True]
    assert [
        holder_facts.siret.startswith("000") and siret_is_valid(holder_facts.siret)
        for holder_facts in holders
    ] == [True, True]


def test_three_months_of_life_with_one_logged_late():
    scale = region.scale(NOW)

    assert (scale.since.isoformat(), scale.late_month.isoformat()) == ("2026-07-01", "2026-09-01")
    assert region.market(NOW).starts_on == scale.since
