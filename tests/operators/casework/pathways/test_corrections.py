"""A logged session corrected: why, what it said before, ten minutes of undo, and never a closed month."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError
from django.urls import reverse

from cep_portal.accounts.models import AuditEvent
from operators.casework.pathways.enums import CorrectionChannel, CorrectionReason, NextStep, Theme
from operators.casework.pathways.errors import (
    ClosingNotCorrected,
    CorrectionOver,
    DurationOutOfBounds,
    MonthFrozen,
    NothingCorrected,
    ReasonMissing,
    SessionOverlaps,
    StartAfterContract,
    StartBeforeContract,
    StartInTheFuture,
    StartOnAnotherDay,
    ThemesMissing,
)
from operators.casework.pathways.hooks import FREEZES
from operators.casework.pathways.models import CounsellingSession, SessionCorrection
from operators.casework.pathways.services import SessionFacts, correct_session, undo_correction
from operators.network.enums import Mode
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
    SessionCorrectionFactory,
)
from tests.hooks import only

pytestmark = pytest.mark.django_db
NAMES = ("level", "mode", "starts_at", "duration_minutes", "themes", "next_step")


@pytest.fixture
def session():
    return CounsellingSessionFactory()


@pytest.fixture
def frozen_until(monkeypatch):
    only(monkeypatch, FREEZES)

    def freeze(day):
        FREEZES.add(lambda contract_ids: dict.fromkeys(contract_ids, day))

    return freeze


def later(session, **span):
    return session.recorded_at + timedelta(**span)


def correct(session, *, reason=CorrectionReason.ENTRY_ERROR, now=None, outcome="", **changes):
    facts = {name: getattr(session, name) for name in NAMES} | changes
    return correct_session(
        session=session,
        facts=SessionFacts(**facts, outcome=outcome),
        reason=reason,
        channel=CorrectionChannel.PAGE,
        by=session.adviser.user,
        now=now or later(session, hours=1),
    )


def test_correction_keeps_what_was_said_and_why(session):
    correction = correct(session, duration_minutes=30, mode=Mode.PHONE, reason=CorrectionReason.TIME)

    session.refresh_from_db()
    assert (session.duration_minutes, session.mode) == (30, "PHONE")
    assert (correction.former["duration_minutes"], correction.former["mode"]) == (60, "ON_SITE")
    assert (correction.reason, correction.corrected_by) == ("TIME", session.adviser.user)
    line = AuditEvent.objects.get(action="operators.session.corrected")
    assert line.target_id == session.pk
    assert line.data == {"reason": "TIME", "fields": ["duration_minutes", "mode"], "channel": "PAGE"}


def test_pathway_enters_on_the_day_of_its_first_session(session):
    pathway = session.pathway
    pathway.entered_on = session.starts_at.date()
    pathway.save()

    correct(session, starts_at=session.starts_at - timedelta(days=3))

    pathway.refresh_from_db()
    assert pathway.entered_on == session.starts_at.date() - timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"duration_minutes": 4}, DurationOutOfBounds),
        ({"duration_minutes": 301}, DurationOutOfBounds),
        ({"themes": []}, ThemesMissing),
        ({"reason": ""}, ReasonMissing),
        ({"reason": "WHY_NOT"}, ReasonMissing),
        ({}, NothingCorrected),
        ({"next_step": NextStep.CLOSE}, ClosingNotCorrected),
        ({"outcome": "NEED_MET", "duration_minutes": 30}, ClosingNotCorrected),
    ],
)
def test_refusals_write_nothing(session, changes, refusal):
    with pytest.raises(refusal):
        correct(session, **changes)

    assert not SessionCorrection.objects.exists()
    assert CounsellingSession.objects.get().duration_minutes == 60


def test_session_is_not_corrected_into_the_future(session):
    with pytest.raises(StartInTheFuture):
        correct(session, starts_at=later(session, days=1), now=later(session, hours=1))


def test_session_stays_within_its_contract(session):
    contract = session.site.contract
    days = (session.starts_at.date() - contract.starts_on).days + 2
    with pytest.raises(StartBeforeContract):
        correct(session, starts_at=session.starts_at - timedelta(days=days))
    contract.ends_on = session.starts_at.date() - timedelta(days=1)
    contract.save()
    with pytest.raises(StartAfterContract):
        correct(CounsellingSession.objects.get(), duration_minutes=30)


def test_session_of_an_appointment_stays_on_its_day():
    appointment = AppointmentFactory(state="ATTENDED")
    held = CounsellingSessionFactory(
        pathway=PathwayFactory(adviser=appointment.adviser, beneficiary=appointment.beneficiary),
        appointment=appointment,
        starts_at=appointment.starts_at,
    )

    with pytest.raises(StartOnAnotherDay):
        correct(held, starts_at=held.starts_at - timedelta(days=1))


@pytest.mark.parametrize("whose", ["adviser", "person"])
def test_session_is_not_corrected_over_another(session, whose):
    if whose == "adviser":
        other = CounsellingSessionFactory(pathway=PathwayFactory(adviser=session.adviser))
    else:
        other = CounsellingSessionFactory(
            pathway=session.pathway,
            adviser=AdviserFactory(site=session.site),
            starts_at=session.starts_at + timedelta(hours=1),
        )

    with pytest.raises(SessionOverlaps):
        correct(session, starts_at=other.starts_at, now=later(other, hours=1))


@pytest.mark.parametrize("moved", ["out of", "into"])
def test_frozen_month_never_changes(session, frozen_until, moved):
    """On both sides: out of a closed month, and into it."""
    frozen_until(session.starts_at.date())
    there = session.starts_at - timedelta(days=10)
    if moved == "out of":
        CounsellingSession.objects.update(starts_at=there)
        session.refresh_from_db()

    with pytest.raises(MonthFrozen):
        correct(session, starts_at=there + (timedelta(days=10) if moved == "out of" else timedelta()))


def test_nothing_is_frozen_before_closings_exist(session):
    assert correct(session, duration_minutes=30, now=later(session, days=900))


@pytest.mark.parametrize(("minutes", "is_undone"), [(10, True), (11, False)])
def test_correction_is_undone_within_ten_minutes(session, minutes, is_undone):
    correction = correct(session, duration_minutes=30, now=later(session, hours=1))
    now = later(session, hours=1, minutes=minutes)

    if is_undone:
        undo_correction(correction=correction, by=session.adviser.user, now=now)
    else:
        with pytest.raises(CorrectionOver):
            undo_correction(correction=correction, by=session.adviser.user, now=now)

    session.refresh_from_db()
    correction.refresh_from_db()
    assert (session.duration_minutes, correction.undone_at) == ((60, now) if is_undone else (30, None))


def test_only_the_last_correction_is_undone(session):
    first = correct(session, duration_minutes=30)
    session.refresh_from_db()
    correct(session, duration_minutes=20, now=later(session, hours=1, minutes=1))

    with pytest.raises(CorrectionOver):
        undo_correction(correction=first, by=session.adviser.user, now=later(session, hours=1, minutes=2))


def test_database_keeps_what_was_said():
    correction = SessionCorrectionFactory()

    with pytest.raises(ProgrammingError, match="Cannot update rows"):
        SessionCorrection.objects.filter(pk=correction.pk).update(reason="ASKED")


def test_database_wants_a_reason_on_a_page():
    with pytest.raises(IntegrityError, match="session_correction_says_why"):
        SessionCorrectionFactory(reason="")


def sent(session, **changes):
    return {
        "level": session.level,
        "mode": session.mode,
        "held_on": "2026-10-05",
        "starts": "12:00",
        "duration_minutes": session.duration_minutes,
        "themes": [Theme.SITUATION],
        "next_step": session.next_step,
        "reason": "ENTRY_ERROR",
        **changes,
    }


def test_page_corrects_then_undoes_and_the_file_tells_both(client, session):
    client.force_login(session.adviser.user)
    url = reverse("operators:session_correct", args=[session.uuid])
    form = client.get(url).context["form"]
    typed = form.initial | {"reason": "TIME", "duration_minutes": 35}

    answer = client.post(url, typed | {"starts": f"{typed['starts']:%H:%M}"}, follow=True)

    assert "Séance corrigée." in answer.content.decode()
    assert CounsellingSession.objects.get().duration_minutes == 35
    file = client.get(reverse("operators:pathway_detail", args=[session.pathway.uuid])).content.decode()
    assert "corrigée le" in file
    client.post(reverse("operators:correction_undo", args=[session.uuid]))
    assert CounsellingSession.objects.get().duration_minutes == 60


def test_page_keeps_what_was_typed_and_names_the_field(client, session):
    client.force_login(session.adviser.user)
    url = reverse("operators:session_correct", args=[session.uuid])

    page = client.post(url, sent(session, duration_minutes="301", reason=""))

    assert set(page.context["form"].errors) == {"duration_minutes", "reason"}
    assert 'value="301"' in page.content.decode()


def test_session_of_another_operator_does_not_exist(client, session):
    client.force_login(AdviserFactory().user)

    assert client.get(reverse("operators:session_correct", args=[session.uuid])).status_code == 404
    assert client.post(reverse("operators:correction_undo", args=[session.uuid])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_file_costs_the_same_whatever_the_corrections(client, count, django_assert_max_num_queries):
    pathway = PathwayFactory()
    for _ in range(count):
        SessionCorrectionFactory(session__pathway=pathway)
    client.force_login(pathway.adviser.user)
    url = reverse("operators:pathway_detail", args=[pathway.uuid])
    client.get(url)

    with django_assert_max_num_queries(60) as queries:
        client.get(url)

    told = [query for query in queries.captured_queries if "sessioncorrection" in query["sql"]]
    assert len(told) == 1
