"""A colleague takes people over: nobody is forgotten, nobody is told twice, what is lent comes back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from cep_portal.accounts.models import AuditEvent
from cep_portal.common.days import local_day
from cep_portal.common.facts import grouped
from cep_portal.messaging.models import Message
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.moving.handovers.enums import HandoverKind
from operators.moving.handovers.errors import (
    ColleagueUnfit,
    HandoverEnded,
    HandoverRunning,
    PathwayNotOpen,
    UntilPast,
)
from operators.moving.handovers.models import Handover
from operators.moving.handovers.services import HandoverTerms, hand_over, return_due, take_back
from tests.clock import moved, moved_day, present
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import (
    MONDAY_NINE,
    AdviserFactory,
    AppointmentFactory,
    OpeningRuleFactory,
    PathwayFactory,
)
from tests.messages import compose_all, composed

pytestmark = pytest.mark.django_db
NOW = present()
FRIDAY = moved_day("2026-12-04")


@pytest.fixture
def former():
    return AdviserFactory()


@pytest.fixture
def colleague(former):
    colleague = AdviserFactory(site=former.site)
    OpeningRuleFactory(adviser=colleague)
    return colleague


def hand(pathways, former, colleague, **changes):
    return hand_over(
        pathways=pathways,
        former=former,
        **grouped({"colleague": colleague, "by": former.user, "now": NOW, **changes}, terms=HandoverTerms),
    )


def test_portfolio_goes_for_good_and_each_person_is_told_once(former, colleague):
    pathways = PathwayFactory.create_batch(3, adviser=former)

    written, _ = hand(pathways, former, colleague)

    assert {one.batch for one in written} == {written[0].batch}
    assert [one.kind for one in written] == ["FINAL"] * 3
    for pathway in pathways:
        pathway.refresh_from_db()
        assert pathway.adviser == colleague
    compose_all()
    mails = Message.objects.filter(subject="Un changement d’interlocuteur")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(
        pathway.beneficiary.email for pathway in pathways
    )
    line = AuditEvent.objects.filter(action="operators.pathway.handed_over").first()
    assert (line.actor, line.at) == (former.user, NOW)
    assert set(line.data) == {"handover", "kind"}


@pytest.mark.dated
def test_message_is_discreet(former, colleague):
    hand([PathwayFactory(adviser=former)], former, colleague, until=FRIDAY)

    mail = composed(Message.objects.get(channel="EMAIL"))
    assert "Jusqu’au vendredi 4 décembre 2026" in mail.body
    assert colleague.user.full_name in mail.body
    words = f"{mail.subject} {mail.body}".lower()
    assert [
        word
        for word in ("cep", "évolution", "conseil en", former.site.contract.holder.name.lower())
        if word in words
    ] == []


@pytest.mark.dated
def test_appointment_follows_to_a_free_colleague_at_its_hour(former, colleague):
    pathway = PathwayFactory(adviser=former)
    appointment = AppointmentFactory(adviser=former, beneficiary=pathway.beneficiary)

    _, handed = hand([pathway], former, colleague)

    appointment.refresh_from_db()
    assert (handed.given, handed.kept) == ([appointment], [])
    assert (appointment.adviser, appointment.starts_at) == (colleague, MONDAY_NINE)
    assert "lundi 30 novembre 2026 à 9 h" in composed(Message.objects.get(channel="EMAIL")).body.replace(
        "\xa0", " "
    ).replace("\u202f", " ")


def test_appointment_stays_when_the_colleague_is_taken(former, colleague):
    pathway = PathwayFactory(adviser=former)
    appointment = AppointmentFactory(adviser=former, beneficiary=pathway.beneficiary)
    AppointmentFactory(adviser=colleague)

    _, handed = hand([pathway], former, colleague)

    appointment.refresh_from_db()
    assert (handed.given, handed.kept) == ([], [appointment])
    assert appointment.adviser == former


def test_appointment_stays_when_so_asked(former, colleague):
    pathway = PathwayFactory(adviser=former)
    appointment = AppointmentFactory(adviser=former, beneficiary=pathway.beneficiary)

    hand([pathway], former, colleague, with_appointments=False)

    appointment.refresh_from_db()
    assert appointment.adviser == former


def test_appointment_after_the_last_day_stays(former, colleague):
    pathway = PathwayFactory(adviser=former)
    AppointmentFactory(adviser=former, beneficiary=pathway.beneficiary)

    _, handed = hand([pathway], former, colleague, until=moved_day("2026-11-29"))

    assert (handed.given, handed.kept) == ([], [])
    assert Appointment.objects.get().adviser == former


def test_two_people_at_the_same_hour_are_not_given_to_one_colleague(former, colleague):
    first, second = PathwayFactory.create_batch(2, adviser=former)
    starts_at = MONDAY_NINE
    AppointmentFactory(adviser=former, beneficiary=first.beneficiary, starts_at=starts_at)
    AppointmentFactory(
        adviser=former, beneficiary=second.beneficiary, starts_at=starts_at + timedelta(minutes=75)
    )

    _, handed = hand([first, second], former, colleague)

    assert len(handed.given) == 2  # one after the other: both are free hours of the colleague


def test_what_is_lent_comes_back_the_day_after(former, colleague):
    pathway = PathwayFactory(adviser=former)
    hand([pathway], former, colleague, until=FRIDAY)

    assert return_due(now=moved("2026-12-04 23:59")) == 0  # still Friday in Paris
    assert return_due(now=moved("2026-12-05 00:00")) == 1
    assert return_due(now=moved("2026-12-05 10:00")) == 0  # safe to run twice

    pathway.refresh_from_db()
    assert pathway.adviser == former
    assert Handover.objects.get().ended_at == moved("2026-12-05 00:00")
    line = AuditEvent.objects.get(action="operators.pathway.taken_back")
    assert (line.actor, line.target_id) == (None, pathway.pk)


def test_pathway_of_who_left_stays_with_the_colleague():
    handover = HandoverFactory()
    handover.former.is_active = False
    handover.former.save()

    take_back(handover=handover, by=None, now=NOW)

    handover.pathway.refresh_from_db()
    assert handover.pathway.adviser == handover.colleague


def test_taking_back_twice_is_refused():
    handover = HandoverFactory()
    take_back(handover=handover, by=handover.former.user, now=NOW)

    with pytest.raises(HandoverEnded):
        take_back(handover=handover, by=handover.former.user, now=NOW)


def test_what_is_lent_is_not_lent_again(former, colleague):
    pathway = PathwayFactory(adviser=former)
    hand([pathway], former, colleague, until=FRIDAY)
    pathway.refresh_from_db()

    with pytest.raises(HandoverRunning):
        hand([pathway], colleague, former)


def test_colleague_is_active_of_the_same_contract_and_somebody_else(former):
    unfit = [AdviserFactory(), AdviserFactory(site=former.site, is_active=False), former]
    pathway = PathwayFactory(adviser=former)

    for one in unfit:
        with pytest.raises(ColleagueUnfit):
            hand([pathway], former, one)

    assert Handover.objects.count() == Message.objects.count() == 0


def test_last_day_is_today_or_later(former, colleague):
    pathway = PathwayFactory(adviser=former)

    with pytest.raises(UntilPast):
        hand([pathway], former, colleague, until=local_day(NOW) - timedelta(days=1))

    hand([pathway], former, colleague, until=local_day(NOW))


def test_one_closed_pathway_stops_the_whole_portfolio(former, colleague):
    open_one = PathwayFactory(adviser=former)
    closed = PathwayFactory(
        adviser=former, state=PathwayState.CLOSED, closed_at=NOW, outcome=ClosingOutcome.NEED_MET
    )

    with pytest.raises(PathwayNotOpen):
        hand([open_one, closed], former, colleague)

    assert Handover.objects.count() == Message.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"until": None}, "handover_until_when_temporary"),
        ({"kind": HandoverKind.FINAL}, "handover_until_when_temporary"),
    ],
)
def test_database_wants_a_last_day_for_what_is_lent_only(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        HandoverFactory(**changes)


def test_database_refuses_a_second_loan_and_a_loan_to_oneself():
    handover = HandoverFactory()

    with pytest.raises(IntegrityError, match="handover_two_advisers"):
        HandoverFactory(lender=handover.former, colleague=handover.former)


def test_database_lends_a_pathway_once():
    handover = HandoverFactory()

    with pytest.raises(IntegrityError, match="handover_lent_once"):
        HandoverFactory(lender=handover.former, colleague=handover.colleague, pathway=handover.pathway)
