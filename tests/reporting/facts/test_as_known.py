"""« As known at T »: what is asked again later has the answer it had, whatever was done since (ADR 0067)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from beneficiaries.request.models import FormerRequest, ServiceRequest
from beneficiaries.rights.services import erase_person
from cep_portal.common.pasts import Former
from operators.booking.agenda.models import Appointment, FormerAppointment
from operators.casework.pathways.models import CounsellingSession, FormerSession
from operators.casework.pathways.services.no_shows import note_no_show, undo_no_show
from operators.moving.duplicates.enums import MergeReason
from operators.moving.duplicates.services import merge_people, undo_merge
from reporting.facts.rules.spines import SPINES
from reporting.facts.selectors.known import source, with_facts
from reporting.kpis.enums import PeriodKind
from reporting.kpis.selectors import counts_known_at
from tests.clock import wall
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.deliveries import software
from tests.factories.duplicates import twins
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.procurement import ContractFactory, RuleSetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.dated]
MARCH, APRIL, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (3, 4, 10, 11))


@pytest.fixture
def adviser():
    rules = RuleSetFactory(params={"reopening": {"days": 180, "ref": "1"}})
    return AdviserFactory(site__contract=ContractFactory(lot__market__rule_set=rules))


def signed(adviser):
    adviser.user.mandate = adviser.user.mandates.get()
    return adviser.user


def followed(adviser, person, day):
    held_at = datetime(2026, 10, day, 8, tzinfo=UTC)
    request = person.service_requests.get()
    pathway = PathwayFactory(
        adviser=adviser, beneficiary=person, service_request=request, entered_on=held_at.date()
    )
    return CounsellingSessionFactory(pathway=pathway, starts_at=held_at)


def merge(adviser, people):
    kept, absorbed = people
    return merge_people(
        kept=kept,
        absorbed=absorbed,
        reason=MergeReason.CHECKED,
        by=signed(adviser),
        now=timezone.now(),
    )


def figures(known_at):
    """{(indicator, month): (numerator, denominator)} of France, as known at an instant."""
    months: dict = {}
    for row in counts_known_at(known_at=known_at):
        if row.kind == PeriodKind.MONTH:
            numerator, denominator = months.get((row.kpi, row.starts_on), (0, 0))
            months[row.kpi, row.starts_on] = (numerator + row.numerator, denominator + (row.denominator or 0))
    return months


def people(known_at):
    """Different people with a session."""
    spine = SPINES["session"]
    person = spine.counts["person"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(DISTINCT {person.sql}) FROM {source(spine, [person])}", {"known_at": known_at}
        )
        return cursor.fetchone()[0]


def changed(before, after):
    return {
        key: (before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)
    }


def test_what_was_known_at_an_instant_is_counted_again_whatever_came_since(adviser, clock):
    operator = software()
    lines = [
        operator.session(id=f"S-{rank}", personne=f"P-{rank}", parcours=f"A-{rank}", date_heure=begins)
        for rank, begins in enumerate(["2026-03-10 10:00", "2026-03-11 10:00", "2026-03-12 10:00"])
    ]
    operator.send(*lines, now=timezone.now())
    together, apart = twins(adviser), twins(adviser, phone="06 39 98 00 02")
    for day, person in enumerate([*together, *apart], start=5):
        followed(adviser, person, day)
    done = merge(adviser, apart)
    missed = AppointmentFactory(
        adviser=adviser,
        starts_at=wall("2026-11-23 08:00"),
        beneficiary=together[0],
        service_request=together[0].service_requests.get(),
    )
    note_no_show(appointment=missed, by=signed(adviser), now=timezone.now())
    clock.shift(timedelta(minutes=1))
    then = timezone.now()
    before, people_before = figures(then), people(then)

    clock.shift(timedelta(minutes=1))
    undo_no_show(appointment=missed, by=signed(adviser), now=timezone.now())
    changes = [{"niveau": "TWO"}, {"niveau": "TWO"}, {"date_heure": "2026-04-02 10:00"}]
    taken = operator.send(
        *(line | change for line, change in zip(lines, changes, strict=True)), now=timezone.now()
    )
    assert taken.changed_count == 3
    merge(adviser, together)
    undo_merge(merge=done, by=signed(adviser), now=timezone.now())
    CounsellingSessionFactory(
        pathway__adviser=adviser,
        pathway__entered_on=date(2026, 10, 20),
        starts_at=wall("2026-10-20 10:00"),
        recorded_at=timezone.now(),
    )
    clock.shift(timedelta(minutes=1))

    assert (figures(then), people(then)) == (before, people_before)
    assert people_before == 6  # three by file, two, and the two merged files of one
    assert people(timezone.now()) == 7  # one fewer, one more, and the late one
    assert changed(before, figures(timezone.now())) == {
        ("entries", MARCH): ((3, 0), (2, 0)),
        ("entries", APRIL): ((0, 0), (1, 0)),
        ("entries", OCTOBER): ((3, 0), (4, 0)),
        ("uptake_rate", MARCH): ((3, 0), (2, 0)),
        ("uptake_rate", APRIL): ((0, 0), (1, 0)),
        ("uptake_rate", OCTOBER): ((3, 0), (4, 0)),
        ("active_beneficiaries", MARCH): ((3, 0), (2, 0)),
        ("active_beneficiaries", APRIL): ((0, 0), (1, 0)),
        ("active_beneficiaries", OCTOBER): ((3, 0), (4, 0)),
        ("level_two_share", MARCH): ((0, 3), (2, 2)),
        ("level_two_share", APRIL): (None, (0, 1)),
        ("level_two_share", OCTOBER): ((0, 3), (0, 4)),
        ("no_show_rate", NOVEMBER): ((1, 1), None),
    }


def as_known(sql, known_at):
    with connection.cursor() as cursor:
        cursor.execute(with_facts(sql), {"known_at": known_at})
        return cursor.fetchall()


def test_statement_typed_by_hand_keeps_the_past_too(clock):
    held = CounsellingSessionFactory()
    then = timezone.now()
    clock.shift(timedelta(hours=1))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE operators_counsellingsession SET level = 'TWO', known_from = '2020-01-01'")
        cursor.execute(
            "UPDATE operators_counsellingsession SET next_step = 'CLOSE', known_from = '2020-01-01'"
        )

    former = FormerSession.objects.get()
    assert (former.source_id, former.level, former.known_from) == (held.pk, "ONE", held.known_from)
    held.refresh_from_db()
    assert held.known_from == former.known_until == timezone.now()
    assert as_known("SELECT level FROM {session} AS s", then) == [("ONE",)]
    assert as_known("SELECT level FROM {session} AS s", timezone.now()) == [("TWO",)]


def test_fact_withdrawn_was_known_until_then(clock):
    held = CounsellingSessionFactory()
    then = timezone.now()
    clock.shift(timedelta(hours=1))

    CounsellingSession.objects.filter(pk=held.pk).delete()

    assert as_known("SELECT id FROM {session} AS s", then) == [(held.pk,)]
    assert as_known("SELECT id FROM {session} AS s", timezone.now()) == []


@pytest.mark.parametrize(("state", "kept"), [("BOOKED", 0), ("ATTENDED", 1)])
def test_appointment_keeps_its_past_once_it_had_come_to_its_end(clock, state, kept):
    booked = AppointmentFactory(state=state, starts_at=wall("2026-11-20 09:00"))
    booked.refresh_from_db()
    assert booked.outcome_at == (timezone.now() if state == "ATTENDED" else None)
    clock.shift(timedelta(hours=1))

    Appointment.objects.filter(pk=booked.pk).update(state="NO_SHOW")
    booked.refresh_from_db()
    assert (FormerAppointment.objects.count(), booked.outcome_at) == (kept, timezone.now())

    clock.shift(timedelta(hours=1))
    Appointment.objects.filter(pk=booked.pk).update(state="BOOKED")
    booked.refresh_from_db()
    assert (FormerAppointment.objects.count(), booked.outcome_at) == (kept + 1, None)


def test_person_named_after_the_request_changes_nothing_that_was_counted(clock):
    asked = ServiceRequestFactory()
    clock.shift(timedelta(hours=1))

    ServiceRequest.objects.filter(pk=asked.pk).update(beneficiary=BeneficiaryFactory())

    known_from = asked.known_from
    asked.refresh_from_db()
    assert (FormerRequest.objects.count(), asked.known_from) == (0, known_from)


def test_erasure_leaves_counts_and_finds_no_name_in_former_rows(clock):
    """What figures keep of somebody: keys, dates, closed lists; no text typed about or by a person."""
    held = CounsellingSessionFactory()
    clock.shift(timedelta(hours=1))
    CounsellingSession.objects.filter(pk=held.pk).update(level="TWO")
    then = timezone.now()
    before = figures(then)
    clock.shift(timedelta(hours=1))

    erase_person(beneficiary=held.pathway.beneficiary, by=None, now=timezone.now())

    assert figures(then) == before
    free = [
        f"{model.__name__}.{column.name}"
        for model in Former.__subclasses__()
        for column in model._meta.concrete_fields
        if column.get_internal_type() == "CharField" and not column.choices
    ]
    assert sorted(free) == ["FormerPathway.region_id", "FormerRequest.commune_id", "FormerSession.zone"]
