"""Level 1, level 2, a pause, then level 1 again, in a real browser: one pathway, counted as one entry."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cep_portal.accounts.enums import Role
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import Pathway
from reporting.kpis.models import KpiValue
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.journeys.test_whole_road import compute, sign_in
from tests.journeys.world import World, build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FIRST, SECOND, BACK = 70, 63, 3  # days ago
PAUSE = timedelta(days=62)  # since the closing


@pytest.fixture
def world(transactional_db):
    return build_world(past_people=0)


def booked(world: World, *, days: int, **facts) -> Appointment:
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
    return AppointmentFactory(
        adviser=world.adviser, starts_at=starts_at, booked_at=starts_at - timedelta(days=5), **facts
    )


def log(page: Page, appointment: Appointment, level: str, *, outcome: str = "") -> None:
    page.goto(f"/bureau/rendez-vous/{appointment.uuid}/saisir/")
    page.get_by_label(level).check()
    page.get_by_label("Projet professionnel").check()
    if outcome:
        page.get_by_label("Le parcours s’arrête là").check()
        page.get_by_label("Issue", exact=False).select_option(label=outcome)
    else:
        page.get_by_label("La personne avance de son côté").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Rendez-vous saisi.")).to_be_visible()


def weeks_go_by(pathway: Pathway) -> None:
    """The closing said today now lies two months back."""
    Pathway.objects.filter(pk=pathway.pk).update(closed_at=pathway.closed_at - PAUSE)


def test_both_levels_both_ways_with_a_pause_are_one_entry(visitor, world, stack):
    person = BeneficiaryFactory(first_name="Lou", last_name="Tanguy")
    asked = ServiceRequestFactory(contract=world.contract, commune=world.site.commune, beneficiary=person)
    appointment = booked(world, days=FIRST, beneficiary=person, service_request=asked, level="ONE")
    two = booked(world, days=SECOND, beneficiary=person, level="ONE")  # booked as level 1, worked at level 2
    back = booked(world, days=BACK, beneficiary=person, level="TWO")  # and the other way round
    page = visitor()
    sign_in(page, world.people[Role.ADVISER])

    log(page, appointment, "niveau 1")
    log(page, two, "niveau 2", outcome="Projet prêt à être mis en œuvre")
    pathway = Pathway.objects.get()
    page.goto(f"/bureau/parcours/{pathway.uuid}/")
    expect(page.locator("main")).to_contain_text("clos")
    weeks_go_by(pathway)
    log(page, back, "niveau 1")

    page.goto(f"/bureau/parcours/{pathway.uuid}/")
    expect(page.locator("main")).to_contain_text("3 séances · niveau 1, puis niveau 2, puis niveau 1")
    expect(page.locator("main")).to_contain_text("repris le")
    compute(stack)
    assert Pathway.objects.count() == 1
    months = KpiValue.objects.filter(kpi="entries", period_kind="MONTH")
    assert sum(value.numerator for value in months) == 1
    manager = visitor()
    sign_in(manager, world.people[Role.OPERATOR_MANAGER])
    entered = Pathway.objects.get().entered_on
    manager.goto(f"/bureau/mon-lot/?periode={entered:%Y-%m}")
    row = manager.locator("tr", has=manager.get_by_role("link", name="Entrées", exact=True)).first
    expect(row.locator("td").first).to_have_text("1")
    manager.set_viewport_size({"width": 1280, "height": 900})
    figures = manager.locator("main table").first.bounding_box()
    assert figures["y"] + figures["height"] <= 900  # rank and commitments beside the figures, on one screen
