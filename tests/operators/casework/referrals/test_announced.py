"""What was announced at a session is followed until it is done: « Annoncé, rien de fixé »."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from operators.casework.pathways.enums import NextStep
from operators.casework.pathways.hooks import Day
from operators.casework.referrals.contributions import announced
from tests.factories.operators import (
    AdviserFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    PathwayFactory,
)
from tests.factories.referrals import ReferralFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser():
    return AdviserFactory()


def held(adviser, step, *, days=1, pathway=None):
    pathway = pathway or PathwayFactory(adviser=adviser)
    starts = timezone.now() - timedelta(days=days)
    return CounsellingSessionFactory(pathway=pathway, adviser=adviser, starts_at=starts, next_step=step)


def card(adviser):
    tasks = announced(Day(adviser, adviser.user, timezone.now()))
    assert len(tasks.first) == tasks.count
    return tasks.first


def test_a_next_appointment_waits_until_it_is_booked(adviser):
    session = held(adviser, NextStep.NEXT_SESSION, days=8)
    person = session.pathway.beneficiary

    (task,) = card(adviser)
    AppointmentFactory(adviser=adviser, beneficiary=person)

    assert (task.about, task.due_on < timezone.localdate()) == (person.full_name, True)
    assert task.url == reverse("operators:next_appointment", args=[person.uuid])
    assert "rendez-vous annoncé le" in task.note
    assert card(adviser) == []


@pytest.mark.parametrize(("days", "is_told"), [(59, True), (61, False)])
def test_what_was_announced_two_months_ago_is_no_act_of_the_day(adviser, days, is_told):
    held(adviser, NextStep.NEXT_SESSION, days=days)

    assert bool(card(adviser)) is is_told


def test_a_referral_waits_until_it_is_sent(adviser):
    session = held(adviser, NextStep.REFERRAL)
    before = session.starts_at - timedelta(days=1)
    ReferralFactory(pathway=session.pathway, consented_at=before, sent_at=before)

    (task,) = card(adviser)
    ReferralFactory(pathway=session.pathway, sent_at=timezone.now())

    assert (task.url, task.due_on < timezone.localdate()) == (
        reverse("operators:referral_choose", args=[session.pathway.uuid]),
        False,
    )
    assert card(adviser) == []


def test_the_last_session_alone_speaks(adviser):
    session = held(adviser, NextStep.NEXT_SESSION, days=5)
    held(adviser, NextStep.PERSON_ACTS, pathway=session.pathway)
    held(AdviserFactory(), NextStep.NEXT_SESSION)

    assert card(adviser) == []


def test_the_day_shows_the_card(client, adviser):
    held(adviser, NextStep.NEXT_SESSION)
    client.force_login(adviser.user)

    assert "Fixer le rendez-vous de" in client.get(reverse("operators:today")).text
