"""An adviser's whole day in a real browser: seven appointments, one of which nobody came to, a caller who
books, an unplanned call, an absence declared. Nothing waits at the end.
"""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cep_portal.accounts.enums import Role
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Absence, Appointment
from operators.casework.pathways.models import CounsellingSession
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory, PathwayFactory
from tests.journeys.test_whole_road import sign_in
from tests.journeys.world import World, build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]
APPOINTMENTS, MOST_CLICKS, MOST_STEPS = 7, 6, 5


@pytest.fixture
def world(transactional_db):
    return build_world(past_people=0)


def day_of_work(world: World) -> list[Appointment]:
    """Seven people yesterday, each with a request and, for one in two, a pathway; all to be logged."""
    zone = ZoneInfo(world.site.zone)
    day = timezone.localdate(timezone=zone) - timedelta(days=1)
    booked = []
    for place in range(APPOINTMENTS):
        person = BeneficiaryFactory(
            first_name="Camille", last_name=f"Personne{'abcdefg'[place]}", phone=f"06 39 98 00 0{place}"
        )
        asked = ServiceRequestFactory(contract=world.contract, commune=world.site.commune, beneficiary=person)
        if place % 2:
            PathwayFactory(adviser=world.adviser, beneficiary=person, service_request=asked)
        booked.append(
            AppointmentFactory(
                adviser=world.adviser,
                beneficiary=person,
                service_request=asked,
                starts_at=datetime.combine(day, time(8), zone) + timedelta(minutes=80 * place),
                mode=("ON_SITE", "PHONE")[place % 2],
            )
        )
    return booked


def log_next(page: Page, *, came: bool) -> int:
    """From the day, the oldest one; how many clicks it took. Nothing is typed."""
    page.goto("/bureau/")
    page.get_by_role("link", name=re.compile("^Saisir la séance de")).first.click()
    if came:
        page.get_by_label("Projet professionnel").check()
        page.get_by_label("La personne avance de son côté").check()
        clicks = 4  # with the link and the button
    else:
        page.get_by_label("La personne n’est pas venue").check()
        clicks = 3
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    return clicks


def book_for_caller(page: Page) -> int:
    """Somebody nobody knows is on the line; how many pages were sent before the booking is read aloud."""
    page.get_by_role("link", name="Trouver un créneau").first.click()
    page.locator("main").get_by_label("Commune ou code postal").fill("35000")
    page.get_by_label("Situation", exact=True).select_option("EMPLOYEE")
    page.get_by_role("checkbox", name="Changer de métier").check()
    page.get_by_role("button", name="Voir les créneaux").click()
    steps = 1
    if page.get_by_role("heading", level=1).inner_text() != "Choisir un créneau":
        page.get_by_role("button", name="Voir les créneaux").click()  # the commune had to be chosen
        steps += 1
    page.get_by_role("link", name="Semaine suivante").click()
    page.locator("button[name=creneau]").first.click()
    steps += 2
    page.get_by_label("Prénom").fill("Inès")
    page.get_by_label("Nom", exact=True).fill("Caradec")
    page.locator("main").get_by_label("Téléphone").fill("06 39 98 00 77")
    page.get_by_label("La personne est d’accord", exact=False).check()
    page.get_by_role("button", name="Réserver").click()
    steps += 1
    expect(page.get_by_role("heading", level=1)).to_have_text("Le rendez-vous est pris")
    return steps


def log_unplanned(page: Page, name: str) -> None:
    page.goto("/bureau/seances/imprevue/")
    page.locator("main").get_by_label("Nom, téléphone", exact=False).fill(name)
    page.locator("main").get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name=name).click()
    page.get_by_label("Financement").check()
    page.get_by_label("La personne avance de son côté").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Séance saisie.")).to_be_visible()


def declare_absence(page: Page, day) -> None:
    """The page names who is booked; one press lays the absence and tells them."""
    page.goto("/bureau/absences/")
    page.get_by_label("Du", exact=True).fill(f"{day:%d.%m.%Y}")
    page.get_by_label("Au (inclus)").fill(f"{day:%d/%m}")
    page.get_by_role("button", name="Poser l’absence").click()
    page.get_by_role("button", name="Voir par qui remplacer").click()
    expect(page.locator("main")).to_contain_text("Inès Caradec")
    page.get_by_role("button", name="Poser l’absence et prévenir 1 personne").click()
    expect(page.get_by_text("L’absence est posée. 1 personne est prévenue.")).to_be_visible()


def test_whole_day_of_an_adviser(visitor, world):
    booked = day_of_work(world)
    page = visitor()
    sign_in(page, world.people[Role.ADVISER])
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")

    clicks = [log_next(page, came=place != 3) for place in range(APPOINTMENTS)]
    expect(page.get_by_role("link", name=re.compile("^Saisir la séance de"))).to_have_count(0)
    steps = book_for_caller(page)
    log_unplanned(page, "Camille Personneb")
    caller = Appointment.objects.get(beneficiary__last_name="Caradec", state=AppointmentState.BOOKED)
    day = caller.starts_at.astimezone(ZoneInfo(world.site.zone)).date()
    declare_absence(page, day)

    assert max(clicks) <= MOST_CLICKS
    assert steps <= MOST_STEPS
    states = [Appointment.objects.get(pk=appointment.pk).state for appointment in booked]
    assert states == ["ATTENDED"] * 3 + ["NO_SHOW"] + ["ATTENDED"] * 3
    assert CounsellingSession.objects.filter(appointment__in=booked).count() == 6
    assert CounsellingSession.objects.filter(appointment__isnull=True).count() == 1
    assert Absence.objects.filter(adviser=world.adviser).count() == 1
    page.goto("/a-faire/")
    expect(page.get_by_role("link", name="Suivre la réponse d’Inès Caradec")).to_have_count(1)
    page.goto(f"/bureau/agenda/?vue=jour&jour={day.isoformat()}")
    expect(page.locator("main")).to_contain_text("Absence")
    expect(page.locator("main")).not_to_contain_text("Inès Caradec")


@pytest.mark.parametrize("width", [1280, 320])
def test_box_finds_a_person_without_javascript(visitor, world, width):
    day_of_work(world)
    page = visitor(javascript=False, width=width)
    sign_in(page, world.people[Role.ADVISER])

    if width < 768:  # folded on a small screen
        page.locator(".header-search > summary").click()
    page.get_by_label("Nom, téléphone ou référence").fill("persone camile")
    page.get_by_role("search").get_by_role("button", name="Chercher").click()

    expect(page.get_by_role("link", name=re.compile("Camille Personne"))).to_have_count(APPOINTMENTS + 3)
    assert "persone" not in page.url
