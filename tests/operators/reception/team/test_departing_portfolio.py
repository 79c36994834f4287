"""Suspended with a portfolio: each person followed and each person booked, in one act; resumed, undone."""

import pytest

from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.moving.handovers.errors import ColleagueUnfit
from operators.moving.handovers.models import Handover
from operators.moving.handovers.services import take_back
from operators.reception.team.services import resume_adviser, suspend_adviser
from tests.clock import moved_day
from tests.factories.beneficiaries import freeze
from tests.factories.handovers import HandoverFactory
from tests.factories.operators import AdviserFactory, OpeningRuleFactory, PathwayFactory
from tests.messages import compose_all
from tests.operators.booking.agenda.absences import booked_with
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(adviser):
    return OpeningRuleFactory(adviser__site=adviser.site).adviser


def followers(*pathways):
    for pathway in pathways:
        pathway.refresh_from_db()
    return [pathway.adviser for pathway in pathways]


def mails() -> dict[str, str]:
    compose_all()
    return {
        message.recipient: message.body for message in Message.objects.filter(channel="EMAIL").order_by("pk")
    }


def test_each_pathway_goes_to_the_colleague_until_the_return(adviser, manager, colleague):
    first, second = PathwayFactory.create_batch(2, adviser=adviser)

    done = suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    assert followers(first, second) == [colleague, colleague]
    assert [(handover.kind, handover.until, handover.ended_at) for handover in done.handed] == [
        ("UNTIL_BACK", None, None)
    ] * 2
    assert set(mails()) == {first.beneficiary.email, second.beneficiary.email}
    body = mails()[first.beneficiary.email]
    assert f"En l’absence de {adviser.user.full_name}, votre interlocuteur est" in body
    assert AuditEvent.objects.get(action="operators.adviser.suspended").data == {"replaced": 0, "handed": 2}


def test_who_was_booked_too_is_received_by_the_same_colleague(adviser, manager, colleague):
    """Another colleague is free at that hour, and follows fewer: who follows the person comes first."""
    OpeningRuleFactory(adviser__site=adviser.site)
    booked = booked_with(adviser)
    pathway = PathwayFactory(adviser=adviser, beneficiary=booked.beneficiary)
    other = PathwayFactory(adviser=adviser)

    suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    booked.refresh_from_db()
    compose_all()
    assert (booked.adviser, followers(pathway, other)) == (colleague, [colleague, colleague])
    told = [
        message.body for message in Message.objects.filter(recipient=pathway.beneficiary.email).order_by("pk")
    ]
    assert len([body for body in told if "Un autre message vous dit ce qui change" in body]) == 1
    assert "restent aux mêmes jours" in mails()[other.beneficiary.email]


def test_resuming_brings_every_pathway_back_and_tells_each_person(adviser, manager, colleague):
    pathway = PathwayFactory(adviser=adviser)
    suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    resume_adviser(adviser=adviser, by=manager, now=NOW)

    assert followers(pathway) == [adviser]
    assert Handover.objects.get().ended_at == NOW
    assert f"{adviser.user.full_name} est de retour" in mails()[pathway.beneficiary.email]
    assert AuditEvent.objects.get(action="operators.adviser.resumed").data == {"brought_back": 1}


def test_what_was_given_for_good_stays_given(adviser, manager, colleague):
    pathway = PathwayFactory(adviser=adviser)
    suspend_adviser(adviser=adviser, colleague=colleague, for_good=True, by=manager, now=NOW)

    resume_adviser(adviser=adviser, by=manager, now=NOW)

    assert followers(pathway) == [colleague]
    assert Handover.objects.get().kind == "FINAL"


def test_without_a_colleague_pathways_stay_in_sight(adviser, manager):
    pathway = PathwayFactory(adviser=adviser)

    done = suspend_adviser(adviser=adviser, by=manager, now=NOW)

    assert (done.handed, followers(pathway)) == ([], [adviser])


def test_what_a_colleague_lent_returns_to_the_lender(adviser, manager, colleague):
    lender = AdviserFactory(site=adviser.site)
    lent = HandoverFactory(lender=lender, colleague=adviser, until=moved_day("2026-12-24"))

    suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    lent.refresh_from_db()
    assert (followers(lent.pathway), lent.ended_at) == ([lender], NOW)


def test_what_a_departed_lender_lent_is_given_on(adviser, manager, colleague):
    lender = AdviserFactory(site=adviser.site, is_active=False)
    lent = HandoverFactory(lender=lender, colleague=adviser, kind="UNTIL_BACK", until=None)

    suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    assert followers(lent.pathway) == [colleague]


def test_closed_and_frozen_files_are_left_alone(adviser, manager, colleague):
    closed = PathwayFactory(adviser=adviser, state="CLOSED", closed_at=NOW, outcome="NEED_MET")
    frozen = PathwayFactory(adviser=adviser)
    freeze(frozen.beneficiary, NOW)

    done = suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW)

    assert (done.handed, followers(closed, frozen)) == ([], [adviser, adviser])


def test_a_colleague_who_cannot_take_undoes_the_whole_act(adviser, manager):
    PathwayFactory(adviser=adviser)
    gone = AdviserFactory(site=adviser.site, is_active=False)

    with pytest.raises(ColleagueUnfit):
        suspend_adviser(adviser=adviser, colleague=gone, by=manager, now=NOW)

    adviser.refresh_from_db()
    assert (adviser.is_active, Message.objects.count()) == (True, 0)


def test_colleague_may_give_back_before_the_return(adviser, manager, colleague):
    """The adviser is still away: the pathway stays, as the colleague's own."""
    pathway = PathwayFactory(adviser=adviser)
    (handed,) = suspend_adviser(adviser=adviser, colleague=colleague, by=manager, now=NOW).handed

    take_back(handover=handed, by=colleague.user, now=NOW)
    resume_adviser(adviser=adviser, by=manager, now=NOW)

    assert followers(pathway) == [colleague]
