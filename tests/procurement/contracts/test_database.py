from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories.procurement import ContractFactory, LotFactory

pytestmark = pytest.mark.django_db


def copy_contract(contract, starts_on, ends_on, lot=None):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procurement_contract (uuid, lot_id, holder_id, consortium_name, starts_on, ends_on,"
            " phone, is_demonstration) VALUES (gen_random_uuid(), %s, %s, '', %s, %s, '', false)",
            [(lot or contract.lot).pk, contract.holder_id, starts_on, ends_on],
        )


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2027, 12, 31), date(2031, 12, 31)),
        (date(2020, 1, 1), date(2024, 1, 2)),
        (date(2025, 1, 1), date(2025, 1, 1)),
    ],
)
def test_lot_has_one_contract_a_day(starts_on, ends_on):
    contract = ContractFactory()

    with pytest.raises(IntegrityError, match="contract_one_in_force_per_lot"):
        copy_contract(contract, starts_on, ends_on)


def test_contracts_of_a_lot_may_follow_each_other():
    contract = ContractFactory()

    copy_contract(contract, date(2028, 1, 1), date(2031, 12, 31))
    copy_contract(contract, contract.starts_on, contract.ends_on, lot=LotFactory())

    assert contract.lot.contracts.count() == 2


def test_contract_ends_after_it_starts():
    contract = ContractFactory()

    with pytest.raises(IntegrityError, match="contract_dates_ordered"):
        copy_contract(contract, date(2030, 1, 2), date(2030, 1, 1))
