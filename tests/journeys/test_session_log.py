"""Clicks counted: a normal session is logged in at most six, and nothing is typed."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from operators.casework.pathways.models import CounsellingSession
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.journeys.test_whole_road import sign_in
from tests.journeys.world import build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]
MOST_CLICKS = 6


class Hand:
    """A mouse that counts; it has no keyboard, so nothing can be typed."""

    def __init__(self) -> None:
        self.clicks = 0

    def press(self, what: Locator) -> None:
        self.clicks += 1
        what.click()


@pytest.fixture
def world(transactional_db):
    return build_world(past_people=0)


@pytest.mark.parametrize("javascript", [True, False])
def test_normal_session_takes_six_clicks_at_most_and_no_typing(stack, visitor, world, javascript):
    began = timezone.now() - timedelta(hours=2)
    appointment = AppointmentFactory(
        adviser=world.adviser, starts_at=began, booked_at=began - timedelta(days=3)
    )
    page, hand = visitor(javascript=javascript), Hand()
    sign_in(page, world.adviser.user)
    page.goto("/bureau/")

    hand.press(page.get_by_role("link", name="Saisir la plus ancienne"))
    hand.press(page.get_by_label("Projet professionnel"))
    hand.press(page.get_by_label("La personne avance de son côté"))
    hand.press(page.get_by_role("button", name="Enregistrer"))

    expect(page.get_by_text("Tout est saisi.").first).to_be_visible()
    session = CounsellingSession.objects.get()
    assert hand.clicks == 4 <= MOST_CLICKS
    assert (session.appointment, session.starts_at) == (appointment, began.replace(second=0, microsecond=0))
    assert (session.duration_minutes, session.level, session.mode) == (60, "ONE", "ON_SITE")


def test_unplanned_call_takes_six_clicks_at_most_once_the_person_is_found(stack, visitor, world):
    pathway = PathwayFactory(
        adviser=world.adviser, beneficiary=BeneficiaryFactory(first_name="Rose", last_name="Essai")
    )
    CounsellingSessionFactory(pathway=pathway, level="TWO")
    page, hand = visitor(width=320), Hand()
    sign_in(page, world.adviser.user)
    page.goto(f"/bureau/parcours/{pathway.uuid}/")

    hand.press(page.get_by_role("link", name="Saisir une séance imprévue"))
    hand.press(page.get_by_label("Financement"))
    hand.press(page.get_by_label("La personne avance de son côté"))
    hand.press(page.get_by_role("button", name="Enregistrer"))

    expect(page.get_by_text("Séance saisie.").first).to_be_visible()
    session = CounsellingSession.objects.get(is_unplanned=True)
    assert hand.clicks == 4 <= MOST_CLICKS
    assert (session.pathway, session.level, session.mode) == (pathway, "TWO", "PHONE")
    assert session.duration_minutes == 30
