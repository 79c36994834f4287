"""A manager suspends an adviser and hands the portfolio over in one act, in a browser; then undoes it."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import Pathway
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, PathwayFactory
from tests.journeys.test_whole_road import sign_in
from tests.journeys.world import World, build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]
FOLLOWED = 3


@pytest.fixture
def world(transactional_db):
    return build_world(past_people=0)


def portfolio_of(world: World) -> list[Pathway]:
    """Three people followed, the first of them booked too."""
    people = [
        BeneficiaryFactory(
            first_name="Camille", last_name=f"Suivie{letter}", email=f"{letter}@exemple.example"
        )
        for letter in "abc"
    ]
    AppointmentFactory(adviser=world.adviser, beneficiary=people[0])
    return [PathwayFactory(adviser=world.adviser, beneficiary=person) for person in people]


def open_departure(page: Page, name: str) -> None:
    page.goto(reverse("operators:team"))
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="Voir ce qui changerait").click()


@pytest.mark.parametrize("width", [1280, 320])
def test_portfolio_is_handed_over_with_the_suspension_and_comes_back(visitor, world, width):
    pathways = portfolio_of(world)
    colleague = AdviserFactory(site=world.site, user__first_name="Lou", user__last_name="Relais")
    name = world.adviser.user.full_name
    page = visitor(width=width)
    sign_in(page, world.people[Role.OPERATOR_MANAGER])

    open_departure(page, name)
    page.get_by_label("À qui confier ses parcours ?").select_option(str(colleague.uuid))
    page.get_by_role("button", name="Voir ce que cela change").click()
    expect(page.locator("main")).to_contain_text(
        f"{FOLLOWED} parcours confiés à Lou Relais, jusqu’au retour de {name}"
    )
    assert Message.objects.count() == 0
    page.get_by_role("button", name=f"Suspendre et prévenir {FOLLOWED} personnes").click()

    expect(page.get_by_text(f"{FOLLOWED} parcours confiés à Lou Relais.")).to_be_visible()
    assert {Pathway.objects.get(pk=pathway.pk).adviser for pathway in pathways} == {colleague}
    told = set(Message.objects.filter(channel="EMAIL").values_list("recipient", flat=True))
    assert told == {pathway.beneficiary.email for pathway in pathways}
    assert not Appointment.objects.filter(adviser=world.adviser, state="BOOKED").exists()

    page.goto(reverse("operators:team"))
    page.get_by_role("link", name=name).first.click()
    page.locator("summary", has_text="Lever la suspension").click()
    page.get_by_role("dialog").get_by_role("button", name="Lever la suspension").click()
    expect(page.get_by_text(f"{name} reçoit de nouveau", exact=False)).to_be_visible()
    assert {Pathway.objects.get(pk=pathway.pk).adviser for pathway in pathways} == {world.adviser}
