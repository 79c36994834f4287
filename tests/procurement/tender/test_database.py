"""The walls of the database, met with raw SQL: no service stands between."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from procurement.tender.enums import RULE_SET_TRANSITIONS, LotKind, RuleSetState
from tests.factories.procurement import LotFactory, MarketFactory, RuleSetFactory
from tests.factories.territories import RegionFactory

pytestmark = pytest.mark.django_db


def run(statement, parameters=()):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def add_region(lot, *, market=None, kind=None):
    run(
        "INSERT INTO procurement_lotregion (lot_id, region_id, market_id, kind) VALUES (%s, %s, %s, %s)",
        [lot.pk, RegionFactory().pk, (market or lot.market).pk, kind or lot.kind],
    )


def test_region_has_one_regional_lot_in_a_market():
    market = MarketFactory()
    first, second = LotFactory(market=market), LotFactory(market=market)
    add_region(first)

    with pytest.raises(IntegrityError, match="region_has_one_lot_of_a_kind"):
        add_region(second)


def test_region_may_have_a_backup_lot_and_a_lot_in_another_market():
    first = LotFactory()
    add_region(first)

    add_region(LotFactory(market=first.market, kind=LotKind.OVERSEAS_BACKUP))
    add_region(LotFactory())

    assert RegionFactory().lots.count() == 3


def test_copies_of_a_lot_region_cannot_drift():
    lot = LotFactory()

    with pytest.raises(IntegrityError):
        add_region(lot, market=MarketFactory())
    with pytest.raises(IntegrityError):
        add_region(lot, kind=LotKind.OVERSEAS_BACKUP)


def test_lot_with_regions_keeps_its_kind():
    lot = LotFactory(regions=[RegionFactory()])

    with pytest.raises(IntegrityError):
        run("UPDATE procurement_lot SET kind = 'TECHNICAL' WHERE id = %s", [lot.pk])


@pytest.mark.parametrize("state", [RuleSetState.APPROVED, RuleSetState.RETIRED])
def test_params_of_an_approved_rule_set_are_frozen(state):
    """RDV-I 1023, 1443, 2451, 2452: thresholds that change under the figures."""
    rule_set = RuleSetFactory(state=state, params={"cap": None})

    for change in (
        "params = '{}'",
        "version = 9",
        "code = 'X'",
        "legal_reference = 'Y'",
        "valid_from = '2020-01-01'",
    ):
        with pytest.raises(DatabaseError, match="Cannot update rows from procurement_ruleset"):
            run(f"UPDATE procurement_ruleset SET {change} WHERE id = %s", [rule_set.pk])
    with pytest.raises(DatabaseError, match="Cannot delete rows from procurement_ruleset"):
        run("DELETE FROM procurement_ruleset WHERE id = %s", [rule_set.pk])
    run("UPDATE procurement_ruleset SET state = 'RETIRED' WHERE id = %s", [rule_set.pk])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (old, new)
        for old, news in RULE_SET_TRANSITIONS.items()
        for new in RuleSetState
        if new != old and new not in news
    ],
)
def test_rule_set_never_goes_back_so_three_steps_change_nothing(old, new):
    """Draft, other figures, approved again: refused at its first step (figures.md, C9)."""
    rule_set = RuleSetFactory(state=old, params={"cap": None})

    with pytest.raises(DatabaseError, match="Invalid transition"):
        run("UPDATE procurement_ruleset SET state = %s WHERE id = %s", [new, rule_set.pk])


def test_params_of_a_draft_may_change():
    rule_set = RuleSetFactory(state=RuleSetState.DRAFT, params={"cap": None})

    run("UPDATE procurement_ruleset SET params = '{}' WHERE id = %s", [rule_set.pk])

    rule_set.refresh_from_db()
    assert rule_set.params == {}


def test_market_ends_after_it_starts():
    MarketFactory()

    with pytest.raises(IntegrityError, match="market_dates_ordered"):
        run("UPDATE procurement_market SET ends_on = starts_on")


def test_rule_set_ends_after_it_starts():
    RuleSetFactory()

    with pytest.raises(IntegrityError, match="rule_set_dates_ordered"):
        run("UPDATE procurement_ruleset SET valid_to = valid_from - 1")
