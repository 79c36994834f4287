from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from procurement.commitments import services
from procurement.commitments.enums import Comparison
from procurement.commitments.errors import (
    ClauseUnknown,
    IndicatorUnknown,
    MonthAlreadyStarted,
    MonthOutsideContract,
    TargetTooFine,
    VersionOrderRefused,
)
from procurement.commitments.models import CommitmentVersion
from procurement.commitments.services import CommitmentTerms
from tests.factories.accounts import UserFactory
from tests.factories.procurement import CommitmentVersionFactory, ContractFactory

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
WORDS = {
    "text": "Recevoir sous dix jours.",
    "indicator": "first_appointment_days",
    "comparison": Comparison.AT_MOST,
    "target": Decimal("10.00"),
    "penalty_clause": "missed_target",
}


@pytest.fixture
def contract(db):
    return ContractFactory(lot__market__rule_set__params={"missed_target": {"kind": "points"}})


@pytest.fixture
def author(db):
    return UserFactory(role=Role.CONTRACT_MANAGER)


def add(contract, author, **changes):
    values = {"title": "Recevoir vite", **WORDS, "first_month": DECEMBER, **changes}
    return services.add_commitment(
        contract=contract, **grouped(values, terms=CommitmentTerms), by=author, now=NOW
    )


def supersede(version, author, **changes):
    values = {**WORDS, "target": Decimal("8.00"), "from_month": JANUARY, **changes}
    return services.supersede_commitment(
        commitment=version.commitment, **grouped(values, terms=CommitmentTerms), by=author, now=NOW
    )


def actions():
    return list(AuditEvent.objects.order_by("pk").values_list("action", "actor"))


def test_commitments_are_numbered_within_their_contract(contract, author):
    CommitmentVersionFactory(commitment__number=9)  # of another contract

    first, second = add(contract, author), add(contract, author)

    assert [one.commitment.number for one in (first, second)] == [1, 2]
    assert (first.version, first.first_month, first.last_month) == (1, DECEMBER, None)
    assert actions() == [("procurement.commitment.added", author.pk)] * 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"first_month": date(2026, 11, 1)}, MonthAlreadyStarted),
        ({"first_month": date(2026, 1, 1)}, MonthAlreadyStarted),
        ({"first_month": date(2028, 1, 1)}, MonthOutsideContract),
        ({"indicator": "unknown"}, IndicatorUnknown),
        ({"penalty_clause": "unknown"}, ClauseUnknown),
        ({"target": Decimal("9.95")}, TargetTooFine),
    ],
)
def test_addition_is_refused(contract, author, changes, refusal):
    with pytest.raises(refusal):
        add(contract, author, **changes)

    assert CommitmentVersion.objects.count() == 0


def test_the_first_of_a_month_is_already_that_month(contract, author):
    with pytest.raises(MonthAlreadyStarted):
        services.add_commitment(
            contract=contract,
            title="Recevoir vite",
            terms=CommitmentTerms(**WORDS),
            first_month=DECEMBER,
            by=author,
            now=datetime(2026, 11, 30, 23, 30, tzinfo=UTC),
        )


def test_new_version_ends_the_old_one_the_month_before(contract, author):
    old = add(contract, author)

    new = supersede(old, author)

    old.refresh_from_db()
    assert (old.last_month, old.target) == (DECEMBER, Decimal("10.00"))
    assert (new.version, new.first_month, new.target) == (2, JANUARY, Decimal("8.00"))
    assert actions()[-1] == ("procurement.commitment.superseded", author.pk)
    applying = CommitmentVersion.objects.order_by("pk")
    assert list(applying.applying_to(DECEMBER)) == [old]
    assert list(applying.applying_to(JANUARY)) == [new]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"from_month": date(2026, 11, 1)}, MonthAlreadyStarted),
        ({"from_month": DECEMBER}, VersionOrderRefused),
        ({"from_month": date(2028, 1, 1)}, MonthOutsideContract),
        ({"indicator": "unknown"}, IndicatorUnknown),
        ({"penalty_clause": "unknown"}, ClauseUnknown),
    ],
)
def test_new_version_is_refused(contract, author, changes, refusal):
    old = add(contract, author)

    with pytest.raises(refusal):
        supersede(old, author, **changes)

    old.refresh_from_db()
    assert old.last_month is None


@pytest.mark.parametrize(
    "change",
    ["text = 'Autre'", "target = 1", "comparison = 'AT_LEAST'", "first_month = '2024-02-01'"],
)
def test_words_and_target_are_fixed(db, change):
    version = CommitmentVersionFactory()

    with (
        pytest.raises(DatabaseError, match="commitmentversion"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE procurement_commitmentversion SET {change} WHERE id = %s", [version.pk])


@pytest.mark.parametrize("table", ["commitmentversion", "commitment"])
def test_nothing_is_deleted(db, table):
    version = CommitmentVersionFactory()
    key = version.pk if table == "commitmentversion" else version.commitment_id

    with (
        pytest.raises(DatabaseError, match="Cannot delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM procurement_{table} WHERE id = %s", [key])


def test_two_versions_never_bind_the_same_month(db):
    version = CommitmentVersionFactory()

    with pytest.raises(DatabaseError, match="commitment_one_version_a_month"), transaction.atomic():
        CommitmentVersionFactory(commitment=version.commitment, version=2, first_month=date(2026, 1, 1))
