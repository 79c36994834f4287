"""Two entries of one human being: one is left when the rule set makes them one (docs/kpi.md, K1)."""

from datetime import UTC, datetime, timedelta

import pytest

from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import pathway_list
from operators.moving.duplicates.services import undo_merge
from reporting.kpis.enums import PeriodKind
from reporting.kpis.selectors.indicators import active_beneficiaries, entries
from tests.clock import moved, moved_day, present
from tests.factories.duplicates import twins
from tests.factories.operators import AdviserFactory, CounsellingSessionFactory, PathwayFactory
from tests.factories.plans import ActionPlanFactory
from tests.factories.procurement import ContractFactory, RuleSetFactory
from tests.operators.moving.duplicates.test_merging import merge, signed

pytestmark = pytest.mark.django_db
NOW = present()
KNOWN_AT = NOW + timedelta(days=1)
OCTOBER, NOVEMBER = moved("2026-10-05 10:00"), moved("2026-11-09 10:00")


@pytest.fixture
def adviser():
    rules = RuleSetFactory(params={"reopening": {"days": 180, "ref": "1"}})
    return AdviserFactory(site__contract=ContractFactory(lot__market__rule_set=rules))


def followed(adviser, person, starts_at=OCTOBER, **facts):
    pathway = PathwayFactory(
        adviser=adviser,
        beneficiary=person,
        service_request=person.service_requests.first(),
        entered_on=starts_at.date(),
        **facts,
    )
    CounsellingSessionFactory(pathway=pathway, starts_at=starts_at)
    return pathway


def closed(at):
    return {"state": PathwayState.CLOSED, "closed_at": at, "outcome": ClosingOutcome.NEED_MET}


def counted(indicator) -> int:
    return sum(row.numerator for row in indicator(known_at=KNOWN_AT, kind=PeriodKind.MONTH))


def test_two_open_pathways_are_one_entry(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, NOVEMBER)
    pathway = followed(adviser, absorbed, OCTOBER)
    assert counted(entries) == 2

    merge(adviser, kept, absorbed)

    assert counted(entries) == 1
    for one in (into, pathway):
        one.refresh_from_db()
    assert into.sessions.count() == 2
    assert (into.state, into.entered_on) == (PathwayState.OPEN, OCTOBER.date())
    assert (pathway.state, pathway.closed_at, pathway.joined_into) == (PathwayState.CLOSED, NOW, into)
    assert pathway.beneficiary == kept


def test_person_of_two_files_in_one_month_is_active_once(adviser):
    kept, absorbed = twins(adviser)
    followed(adviser, kept, OCTOBER)
    followed(adviser, absorbed, OCTOBER + timedelta(days=3))

    merge(adviser, kept, absorbed)

    assert counted(active_beneficiaries) == 1


def test_pathway_closed_before_goes_on_with_the_open_one(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, OCTOBER, **closed(OCTOBER + timedelta(hours=2)))
    colleague = AdviserFactory(site=adviser.site)
    followed(colleague, absorbed, NOVEMBER)

    merge(adviser, kept, absorbed)

    into.refresh_from_db()
    assert (into.state, into.closed_at, into.outcome) == (PathwayState.OPEN, None, "")
    assert (into.reopened_at, into.adviser) == (NOVEMBER, colleague)
    assert counted(entries) == 1


def test_pathway_of_long_ago_stays_another_entry(adviser):
    kept, absorbed = twins(adviser)
    long_ago = datetime(2025, 10, 6, 8, 0, tzinfo=UTC)
    followed(adviser, kept, long_ago, **closed(long_ago + timedelta(hours=2)))
    pathway = followed(adviser, absorbed, NOVEMBER)
    pathway.service_request = None
    pathway.save(update_fields=["service_request"])

    merge(adviser, kept, absorbed)

    pathway.refresh_from_db()
    assert (pathway.joined_into, pathway.beneficiary, pathway.state) == (None, kept, PathwayState.OPEN)
    assert counted(entries) == 2


def test_two_closed_pathways_end_as_the_later(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, OCTOBER, **closed(OCTOBER + timedelta(hours=2)))
    ended = NOVEMBER + timedelta(hours=2)
    followed(adviser, absorbed, NOVEMBER, **{**closed(ended), "outcome": ClosingOutcome.JOB_CHANGED})

    merge(adviser, kept, absorbed)

    into.refresh_from_db()
    assert (into.state, into.closed_at, into.outcome) == (
        PathwayState.CLOSED,
        ended,
        ClosingOutcome.JOB_CHANGED,
    )
    assert into.reopened_at == NOVEMBER


def test_plan_follows_when_there_is_none(adviser):
    kept, absorbed = twins(adviser)
    into, pathway = followed(adviser, kept), followed(adviser, absorbed, NOVEMBER)
    plan = ActionPlanFactory(pathway=pathway)

    merge(adviser, kept, absorbed)

    plan.refresh_from_db()
    assert plan.pathway == into


def test_joined_pathway_is_in_no_list(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept)
    followed(adviser, absorbed, NOVEMBER)

    merge(adviser, kept, absorbed)

    assert list(pathway_list(user=signed(adviser))) == [into]


def test_undo_gives_both_pathways_back_exactly(adviser):
    kept, absorbed = twins(adviser)
    followed(adviser, kept, OCTOBER, **closed(OCTOBER + timedelta(hours=2)))
    followed(adviser, absorbed, NOVEMBER)
    before = state()

    done = merge(adviser, kept, absorbed)
    undo_merge(merge=done, by=signed(adviser), now=NOW + timedelta(days=3))

    assert state() == before
    assert counted(entries) == 2


def test_pathway_that_has_gone_on_stays_open_after_the_undo(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, OCTOBER, **closed(OCTOBER + timedelta(hours=2)))
    pathway = followed(adviser, absorbed, NOVEMBER)
    done = merge(adviser, kept, absorbed)
    later = CounsellingSessionFactory(pathway=into, starts_at=NOW + timedelta(days=1))

    undo_merge(merge=done, by=signed(adviser), now=NOW + timedelta(days=3))

    for one in (into, pathway, later):
        one.refresh_from_db()
    assert (into.state, pathway.state, later.pathway) == (PathwayState.OPEN, PathwayState.OPEN, into)
    assert pathway.beneficiary == absorbed


def test_pathway_that_went_to_another_operator_stays_as_it_is(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, NOVEMBER)
    gone = closed(OCTOBER + timedelta(days=7)) | {"outcome": ClosingOutcome.TRANSFERRED}
    pathway = followed(adviser, absorbed, OCTOBER, **gone)

    merge(adviser, kept, absorbed)

    for one in (into, pathway):
        one.refresh_from_db()
    assert (pathway.joined_into, pathway.outcome) == (None, ClosingOutcome.TRANSFERRED)
    assert (into.entered_on, into.sessions.count()) == (NOVEMBER.date(), 1)


def test_entry_moved_again_since_the_merge_stays_after_the_undo(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, NOVEMBER)
    followed(adviser, absorbed, OCTOBER)
    done = merge(adviser, kept, absorbed)
    Pathway.objects.filter(pk=into.pk).update(entered_on=moved_day("2026-09-01"))  # a session logged late

    undo_merge(merge=done, by=signed(adviser), now=NOW + timedelta(days=3))

    into.refresh_from_db()
    assert into.entered_on == moved_day("2026-09-01")


def state() -> list:
    """All that a pathway says; that it was said otherwise meanwhile is kept (ADR 0067)."""
    columns = [field.attname for field in Pathway._meta.concrete_fields if field.name != "known_from"]
    rows = Pathway.objects.order_by("pk")
    return [
        (dict(row), sorted(Pathway.objects.get(pk=row["id"]).sessions.values_list("pk", flat=True)))
        for row in rows.values(*columns)
    ]


def test_entry_of_a_joined_pathway_moves_to_the_first_day(adviser):
    kept, absorbed = twins(adviser)
    into = followed(adviser, kept, NOVEMBER)
    followed(adviser, absorbed, OCTOBER)

    merge(adviser, kept, absorbed)

    into.refresh_from_db()
    assert into.entered_on == moved_day("2026-10-05")
