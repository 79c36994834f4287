"""Who comes back in time goes on with the same pathway; later a new one enters (docs/adr/0014)."""

from datetime import timedelta

import pytest

from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.models import CounsellingSession, Pathway
from procurement.tender.models import RuleSet
from reporting.kpis.enums import PeriodKind
from reporting.kpis.models import KpiValue
from reporting.kpis.services import compute_indicators
from tests.clock import moved, moved_day
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.procurement import RuleSetFactory
from tests.operators.casework.pathways.test_session_services import NOW, log

pytestmark = pytest.mark.django_db
DELAY = {"reopening": {"days": 365}}


def returning(days: int, *, params=DELAY, **booking):
    """A person whose pathway was closed `days` before the session to log, with one session in it."""
    appointment = AppointmentFactory(**booking)
    market = appointment.site.contract.lot.market
    market.rule_set = RuleSetFactory(params=params)
    market.save()
    entered = MONDAY_NINE - timedelta(days=days + 10)
    pathway = PathwayFactory(
        adviser=appointment.adviser,
        beneficiary=appointment.beneficiary,
        entered_on=entered.date(),
        state=PathwayState.CLOSED,
        closed_at=MONDAY_NINE - timedelta(days=days),
        outcome=ClosingOutcome.NEED_MET,
    )
    CounsellingSessionFactory(pathway=pathway, starts_at=entered, recorded_at=entered)
    return appointment, pathway


@pytest.mark.parametrize(
    ("days", "params", "entries"),
    [(1, DELAY, 1), (365, DELAY, 1), (366, DELAY, 2), (5_000, {}, 1)],
)
def test_return_counts_a_second_entry_only_beyond_the_delay(days, params, entries):
    appointment, pathway = returning(days, params=params)

    session = log(appointment)

    assert Pathway.objects.count() == entries
    assert (session.pathway == pathway) is (entries == 1)


def test_pathway_taken_up_again_keeps_its_entry_and_says_when():
    appointment, pathway = returning(30)

    log(appointment)

    pathway.refresh_from_db()
    assert (pathway.state, pathway.closed_at, pathway.outcome) == (PathwayState.OPEN, None, "")
    assert pathway.reopened_at == MONDAY_NINE
    assert pathway.entered_on == (MONDAY_NINE - timedelta(days=40)).date()
    assert AuditEvent.objects.filter(action="operators.pathway.reopened").count() == 1


def test_new_pathway_enters_on_the_day_of_the_return():
    appointment, former = returning(400)

    session = log(appointment)

    former.refresh_from_db()
    assert (former.state, former.reopened_at) == (PathwayState.CLOSED, None)
    assert session.pathway.entered_on == moved_day("2026-11-30")
    assert AuditEvent.objects.filter(action="operators.pathway.entered").count() == 1


def test_asking_in_time_is_coming_back_in_time():
    """The wait for a slot is not the person's: the day of the new request counts."""
    appointment, pathway = returning(380)
    appointment.service_request = ServiceRequestFactory(
        contract=appointment.site.contract,
        beneficiary=appointment.beneficiary,
        requested_at=MONDAY_NINE - timedelta(days=20),
    )
    appointment.save()

    assert log(appointment).pathway == pathway


def test_session_logged_after_a_later_one_is_the_entry_of_that_one():
    appointment, former = returning(400)
    later = PathwayFactory(
        adviser=appointment.adviser, beneficiary=appointment.beneficiary, entered_on=moved_day("2026-12-03")
    )

    session = log(appointment)

    later.refresh_from_db()
    assert (session.pathway, later.entered_on) == (later, moved_day("2026-11-30"))
    assert former != later


def test_session_of_the_former_pathway_stays_there_when_logged_late():
    appointment, former = returning(0)
    Pathway.objects.filter(pk=former.pk).update(closed_at=MONDAY_NINE + timedelta(hours=1))
    PathwayFactory(
        adviser=appointment.adviser,
        beneficiary=appointment.beneficiary,
        entered_on=MONDAY_NINE.date() + timedelta(days=399),
    )

    assert log(appointment).pathway == former


def test_session_between_two_pathways_opens_no_second_one():
    appointment, former = returning(10)
    open_one = PathwayFactory(
        adviser=appointment.adviser, beneficiary=appointment.beneficiary, entered_on=moved_day("2026-12-20")
    )

    session = log(appointment)

    former.refresh_from_db()
    assert (session.pathway, former.state) == (former, PathwayState.CLOSED)
    assert open_one.state == PathwayState.OPEN


@pytest.mark.parametrize(("days", "entries"), [(365, 1), (366, 2)])
def test_indicator_counts_the_entries_that_the_rule_set_counts(days, entries):
    """K1 (docs/kpi.md): each pathway once, even reopened; a return beyond the delay is another."""
    appointment, _ = returning(days)
    log(appointment)
    known = moved("2026-12-01 04:10")

    compute_indicators(known_at=known, now=known)

    years = KpiValue.objects.filter(kpi="entries", period_kind=PeriodKind.YEAR)
    assert sum(value.numerator for value in years) == entries
    assert CounsellingSession.objects.count() == 2
    assert known > NOW


def test_approved_delay_never_changes():
    """RDV-I 1023, 1443, 2451, 2452: thresholds that change under the figures."""
    from django.db import DatabaseError, transaction

    rule_set = RuleSetFactory(params=DELAY)

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        RuleSet.objects.filter(pk=rule_set.pk).update(params={"reopening": {"days": 1}})
