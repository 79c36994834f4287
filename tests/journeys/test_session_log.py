"""Clicks counted: a normal session is logged in at most six, and nothing is typed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from operators.casework.pathways.models import CounsellingSession
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
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

    hand.press(page.get_by_role("link", name=re.compile("^Saisir la séance de")).first)
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

    hand.press(page.get_by_text("Autres actes"))
    hand.press(page.get_by_role("link", name="Saisir une séance imprévue"))
    hand.press(page.get_by_label("Financement"))
    hand.press(page.get_by_label("La personne avance de son côté"))
    hand.press(page.get_by_role("button", name="Enregistrer"))

    expect(page.get_by_text("Séance saisie.").first).to_be_visible()
    session = CounsellingSession.objects.get(is_unplanned=True)
    assert hand.clicks == 5 <= MOST_CLICKS
    assert (session.pathway, session.level, session.mode) == (pathway, "TWO", "PHONE")
    assert session.duration_minutes == 30


def test_normal_session_takes_eight_keys_at_most(stack, visitor, world):
    """The themes are three keys away from the opened page; what does not apply is no stop on the way."""
    began = timezone.now() - timedelta(hours=2)
    appointment = AppointmentFactory(
        adviser=world.adviser, starts_at=began, booked_at=began - timedelta(days=3)
    )
    page = visitor()
    sign_in(page, world.adviser.user)
    page.goto(f"/bureau/rendez-vous/{appointment.uuid}/saisir/")

    for key in (to_themes := ["Tab", "Tab", "Space", "Tab"]):
        page.keyboard.press(key)
    expect(page.locator("input[name=themes]").first).to_be_focused()
    expect(page.get_by_label("Annulé quand", exact=False)).to_be_hidden()
    expect(page.get_by_label("Issue, si le parcours s’arrête", exact=False)).to_be_hidden()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert CounsellingSession.objects.get().appointment == appointment
    assert len([key for key in to_themes if key == "Tab"]) <= 3


def test_what_applies_appears_without_script(stack, visitor, world):
    began = timezone.now() - timedelta(hours=2)
    appointment = AppointmentFactory(
        adviser=world.adviser, starts_at=began, booked_at=began - timedelta(days=3)
    )
    page = visitor(javascript=False)
    sign_in(page, world.adviser.user)
    page.goto(f"/bureau/rendez-vous/{appointment.uuid}/saisir/")

    themes = page.get_by_label("Projet professionnel")
    expect(themes).to_be_visible()
    page.get_by_label("La personne a annulé").check()
    expect(themes).to_be_hidden()
    expect(page.get_by_label("Annulé quand", exact=False)).to_be_visible()


@pytest.mark.parametrize(("width", "height", "screens"), [(1280, 900, 1.5), (320, 700, 3)])
def test_today_fits(stack, visitor, world, width, height, screens):
    """A day of six appointments with its holes, and a dozen things to do."""
    now = timezone.now().replace(minute=0)
    for place in range(6):
        for starts_at in (
            now + timedelta(minutes=80 * (place - 2)),
            now.replace(hour=3) - timedelta(days=7 + place),
        ):
            AppointmentFactory(
                adviser=world.adviser, starts_at=starts_at, booked_at=starts_at - timedelta(days=3)
            )
        ServiceRequestFactory(contract=world.contract, beneficiary=BeneficiaryFactory())
    page = visitor(width=width)
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, world.adviser.user)
    page.goto("/bureau/")

    assert page.evaluate("document.documentElement.scrollHeight") <= screens * height
