"""Situations on a line of days: at most one true a day, nothing overwritten (docs/adr/0034)."""

from datetime import date, timedelta

import pytest

from beneficiaries.request.enums import CommuneBasis, Need, Situation
from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services import erase_person, restrict_file
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.days import local_day
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.situations import selectors
from operators.casework.situations.enums import EmploymentStatus
from operators.casework.situations.errors import (
    AlreadyReplaced,
    NothingChanged,
    PathwayNotOpen,
    ReasonMissing,
    StartOutOfBounds,
    StartTaken,
)
from operators.casework.situations.models import PathwaySituation
from operators.casework.situations.selectors.facts import Facts, facts_of, facts_said
from operators.casework.situations.services import change_situation, correct_situation, withdraw_situation
from tests.clock import moved, moved_day, present
from tests.factories.beneficiaries import ServiceRequestFactory
from tests.factories.operators import PathwayFactory
from tests.factories.situations import SituationFactory

pytestmark = pytest.mark.django_db
NOW = present()
ENTRY, MARCH, APRIL, MAY = date(2026, 1, 5), date(2026, 3, 2), date(2026, 4, 6), date(2026, 5, 4)
EMPLOYED = Facts(reasons=(Need.CHANGE_JOB,), status=EmploymentStatus.EMPLOYEE, profession="47")
SEEKING = Facts(reasons=(Need.CHANGE_JOB, Need.TRAINING), status=EmploymentStatus.JOB_SEEKER, profession="47")
TRAINING = Facts(reasons=(Need.TRAINING,), status=EmploymentStatus.IN_TRAINING)


@pytest.fixture
def pathway():
    return PathwayFactory(entered_on=ENTRY)


def change(pathway, starts_on, facts, **changes):
    said = {"by": pathway.adviser.user, "now": NOW, **changes}
    return change_situation(pathway=pathway, starts_on=starts_on, facts=facts, **said)


def correct(situation, **changes):
    said = {
        "starts_on": situation.starts_on,
        "facts": facts_of(situation),
        "by": situation.recorded_by,
        "now": NOW,
        **changes,
    }
    return correct_situation(situation=situation, **said)


def line(pathway):
    """What is held true now: start, end, status."""
    present = pathway.situations.present().order_by("effective__startswith")
    return [(one.starts_on, one.ends_on, one.status) for one in present]


def test_first_situation_lasts(pathway):
    written = change(pathway, ENTRY, EMPLOYED)

    assert line(pathway) == [(ENTRY, None, "EMPLOYEE")]
    assert (written.recorded_at, written.recorded_by, facts_of(written)) == (
        NOW,
        pathway.adviser.user,
        EMPLOYED,
    )


def test_change_ends_the_one_before_on_its_day(pathway):
    change(pathway, ENTRY, EMPLOYED)

    change(pathway, MARCH, SEEKING)

    assert line(pathway) == [(ENTRY, MARCH, "EMPLOYEE"), (MARCH, None, "JOB_SEEKER")]
    assert selectors.situation_on(pathway=pathway, day=MARCH - timedelta(days=1)).status == "EMPLOYEE"
    assert selectors.situation_on(pathway=pathway, day=MARCH).status == "JOB_SEEKER"


def test_change_told_late_goes_between_two(pathway):
    change(pathway, ENTRY, EMPLOYED)
    change(pathway, MAY, TRAINING)

    change(pathway, MARCH, SEEKING)

    assert line(pathway) == [
        (ENTRY, MARCH, "EMPLOYEE"),
        (MARCH, MAY, "JOB_SEEKER"),
        (MAY, None, "IN_TRAINING"),
    ]


def test_what_was_true_before_the_first_goes_before_it(pathway):
    change(pathway, MARCH, SEEKING)

    change(pathway, ENTRY, EMPLOYED)

    assert line(pathway) == [(ENTRY, MARCH, "EMPLOYEE"), (MARCH, None, "JOB_SEEKER")]


def test_second_change_of_a_day_replaces_the_first_which_stays(pathway):
    first = change(pathway, ENTRY, EMPLOYED)

    change(pathway, ENTRY, SEEKING)

    first.refresh_from_db()
    assert line(pathway) == [(ENTRY, None, "JOB_SEEKER")]
    assert (first.replaced_at, first.status) == (NOW, "EMPLOYEE")


def test_correction_is_another_row_and_keeps_both_dates(pathway):
    wrong = change(pathway, ENTRY, EMPLOYED, now=NOW - timedelta(days=30))

    right = correct(wrong, facts=TRAINING)

    wrong.refresh_from_db()
    assert (wrong.status, wrong.recorded_at, wrong.replaced_at) == (
        "EMPLOYEE",
        NOW - timedelta(days=30),
        NOW,
    )
    assert (right.starts_on, right.recorded_at, right.status) == (ENTRY, NOW, "IN_TRAINING")


def test_correction_of_the_day_moves_the_end_of_the_one_before(pathway):
    change(pathway, ENTRY, EMPLOYED)
    wrong = change(pathway, MARCH, SEEKING)

    correct(wrong, starts_on=APRIL)

    assert line(pathway) == [(ENTRY, APRIL, "EMPLOYEE"), (APRIL, None, "JOB_SEEKER")]


def test_correction_in_the_middle_leaves_the_others(pathway):
    change(pathway, ENTRY, EMPLOYED)
    wrong = change(pathway, MARCH, SEEKING)
    change(pathway, MAY, TRAINING)

    correct(wrong, facts=EMPLOYED)

    assert line(pathway) == [
        (ENTRY, MARCH, "EMPLOYEE"),
        (MARCH, MAY, "EMPLOYEE"),
        (MAY, None, "IN_TRAINING"),
    ]


def test_situation_written_by_mistake_is_withdrawn_and_stays_readable(pathway):
    change(pathway, ENTRY, EMPLOYED)
    wrong = change(pathway, MARCH, SEEKING)

    withdraw_situation(situation=wrong, by=pathway.adviser.user, now=NOW)

    assert line(pathway) == [(ENTRY, None, "EMPLOYEE")]
    assert [situation.status for situation in selectors.history(pathway=pathway)] == [
        "JOB_SEEKER",
        "EMPLOYEE",
    ]


def test_only_situation_can_be_withdrawn(pathway):
    wrong = change(pathway, ENTRY, EMPLOYED)

    withdraw_situation(situation=wrong, by=pathway.adviser.user, now=NOW)

    assert line(pathway) == []


def test_what_was_known_on_a_day_is_found_again(pathway):
    """Bitemporal: starts and the two instants of each row tell what the file said then."""
    wrong = change(pathway, ENTRY, EMPLOYED, now=NOW - timedelta(days=30))
    correct(wrong, facts=TRAINING)
    then = NOW - timedelta(days=10)

    known = pathway.situations.filter(recorded_at__lte=then).exclude(replaced_at__lte=then)

    assert [one.status for one in known] == ["EMPLOYEE"]


@pytest.mark.parametrize(
    ("starts_on", "facts", "refusal"),
    [
        (ENTRY, Facts(reasons=()), ReasonMissing),
        (local_day(NOW) + timedelta(days=1), SEEKING, StartOutOfBounds),
        (date(1959, 12, 31), SEEKING, StartOutOfBounds),
        (MARCH, EMPLOYED, NothingChanged),
        (ENTRY, EMPLOYED, NothingChanged),
    ],
)
def test_change_is_refused(pathway, starts_on, facts, refusal):
    change(pathway, ENTRY, EMPLOYED)

    with pytest.raises(refusal):
        change(pathway, starts_on, facts)

    assert line(pathway) == [(ENTRY, None, "EMPLOYEE")]


def test_today_is_the_site_s_day():
    """Where it is already tomorrow in La Réunion, a situation may begin tomorrow of Paris."""
    pathway = PathwayFactory(adviser__site__reunion=True)
    late = moved("2026-11-23 22:00")  # 22:00 in Paris, one o'clock on the island

    written = change(pathway, moved_day("2026-11-24"), EMPLOYED, now=late)

    assert written.starts_on == moved_day("2026-11-24")


def test_correction_is_refused_on_the_day_of_another(pathway):
    change(pathway, ENTRY, EMPLOYED)
    wrong = change(pathway, MARCH, SEEKING)

    with pytest.raises(StartTaken):
        correct(wrong, starts_on=ENTRY)
    with pytest.raises(NothingChanged):
        correct(wrong)

    assert line(pathway) == [(ENTRY, MARCH, "EMPLOYEE"), (MARCH, None, "JOB_SEEKER")]


def test_replaced_situation_is_not_corrected_again(pathway):
    wrong = change(pathway, ENTRY, EMPLOYED)
    correct(wrong, facts=SEEKING)

    with pytest.raises(AlreadyReplaced):
        correct(wrong, facts=TRAINING)
    with pytest.raises(AlreadyReplaced):
        withdraw_situation(situation=wrong, by=pathway.adviser.user, now=NOW)


def test_closed_pathway_is_corrected_but_does_not_change():
    closed = PathwayFactory(
        entered_on=ENTRY, state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.NEED_MET
    )
    wrong = SituationFactory(pathway=closed, starts_on=ENTRY)

    with pytest.raises(PathwayNotOpen):
        change(closed, MARCH, SEEKING)
    correct(wrong, facts=SEEKING)

    assert line(closed) == [(ENTRY, None, "JOB_SEEKER")]


def test_frozen_and_erased_files_get_nothing_more(pathway):
    wrong = change(pathway, ENTRY, EMPLOYED)
    restrict_file(beneficiary=pathway.beneficiary, now=NOW, by=pathway.adviser.user)

    with pytest.raises(FileRestricted):
        change(pathway, MARCH, SEEKING)
    with pytest.raises(FileRestricted):
        correct(wrong, facts=SEEKING)
    with pytest.raises(FileRestricted):
        withdraw_situation(situation=wrong, by=pathway.adviser.user, now=NOW)
    erase_person(beneficiary=pathway.beneficiary, now=NOW, by=None, is_compulsory=True)
    with pytest.raises(FileRestricted):
        change(pathway, MARCH, SEEKING)


def test_erasure_takes_what_could_name_somebody_and_keeps_the_counts(pathway):
    """RDV-SP 2345: figures fall when people are purged."""
    former = change(pathway, ENTRY, SEEKING)
    correct(former, facts=EMPLOYED)

    for _ in range(2):
        erase_person(beneficiary=pathway.beneficiary, now=NOW, by=None, is_compulsory=True)

    rows = PathwaySituation.objects.order_by("pk")
    assert [
        (situation.status, situation.reasons, situation.profession, situation.department)
        for situation in rows
    ] == [
        ("JOB_SEEKER", ["CHANGE_JOB", "TRAINING"], "", None),
        ("EMPLOYEE", ["CHANGE_JOB"], "", None),
    ]


def test_journal_names_the_act_and_no_value(pathway):
    """RDV-SP PR 4224: personal data inside the journal."""
    wrong = change(pathway, ENTRY, EMPLOYED)
    right = correct(wrong, facts=SEEKING)
    withdraw_situation(situation=right, by=pathway.adviser.user, now=NOW)

    lines = AuditEvent.objects.filter(action__startswith="operators.situation.").order_by("pk")
    assert [(event.action, event.target_id, event.data) for event in lines] == [
        ("operators.situation.changed", wrong.pk, {}),
        ("operators.situation.corrected", right.pk, {"replaced": str(wrong.uuid)}),
        ("operators.situation.withdrawn", right.pk, {}),
    ]


@pytest.mark.parametrize(
    ("situation", "status"),
    [
        (Situation.EMPLOYEE, "EMPLOYEE"),
        (Situation.EXECUTIVE, "EXECUTIVE"),
        (Situation.SELF_EMPLOYED, "SELF_EMPLOYED"),
        (Situation.PUBLIC_AGENT, "PUBLIC_AGENT"),
        (Situation.JOB_SEEKER, "JOB_SEEKER"),
        (Situation.YOUNG_OUTSIDE, "NOT_WORKING"),
        (Situation.DISABLED_WORKER, ""),  # health is never copied
    ],
)
def test_request_is_proposed_and_health_is_not_copied(situation, status):
    asked = ServiceRequestFactory(
        situation=situation, needs=[Need.TRAINING, Need.TAKE_STOCK], commune_basis=CommuneBasis.WORK
    )

    said = facts_said(asked)

    assert said == Facts(
        reasons=(Need.TAKE_STOCK, Need.TRAINING), status=status, department_id=asked.commune.department_id
    )


def test_home_is_not_where_one_works():
    assert facts_said(ServiceRequestFactory(commune_basis=CommuneBasis.HOME)).department_id is None


def test_proposal_is_the_last_situation_else_that_of_the_former_pathway_else_the_request():
    former = PathwayFactory(state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.NEED_MET)
    pathway = PathwayFactory(beneficiary=former.beneficiary, adviser=former.adviser)
    stranger = PathwayFactory(beneficiary=former.beneficiary)
    SituationFactory(pathway=stranger, profession="64")

    asked = selectors.proposed_facts(pathway=pathway)
    SituationFactory(pathway=former, profession="54")
    known = selectors.proposed_facts(pathway=pathway)
    SituationFactory(pathway=pathway, profession="55", starts_on=ENTRY)
    own = selectors.proposed_facts(pathway=pathway)

    assert asked == Facts(reasons=(Need.CHANGE_JOB,), status=EmploymentStatus.EMPLOYEE)
    assert (known.profession, own.profession) == ("54", "55")
