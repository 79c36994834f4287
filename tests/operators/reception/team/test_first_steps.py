"""Nothing is ticked by hand: each step reads what is there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cep_portal.accounts.enums import Role
from operators.reception.team.hooks import STEPS
from operators.reception.team.panels import steps_for
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.operators import (
    AdviserFactory,
    ApiClientFactory,
    AppointmentFactory,
    CounsellingSessionFactory,
    OpeningRuleFactory,
    SiteFactory,
)
from tests.factories.procurement import ContractFactory
from tests.operators.booking.agenda.clock import NOW

pytestmark = pytest.mark.django_db
ALL = [
    "Ouvrir un lieu",
    "Inviter un conseiller",
    "Ouvrir des plages",
    "Proposer un premier créneau",
    "Prendre un premier rendez-vous",
    "Saisir une première séance",
    "Relier votre logiciel",
    "Avoir un deuxième responsable",
]


@pytest.fixture
def contract():
    return ContractFactory()


@pytest.fixture
def manager(contract):
    return UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)


def done(manager) -> list[str]:
    return [step.title for step in steps_for(user=manager, now=NOW) if step.is_done]


def test_a_new_operator_has_everything_to_do(manager):
    assert [step.title for step in steps_for(user=manager, now=NOW)] == ALL
    assert done(manager) == []


def test_each_fact_ticks_its_step(manager, contract):
    site = SiteFactory(contract=contract)
    seen = [len(done(manager))]
    adviser = AdviserFactory(site=site)
    seen.append(len(done(manager)))
    OpeningRuleFactory(adviser=adviser)
    seen.append(len(done(manager)))
    AppointmentFactory(adviser=adviser)
    seen.append(len(done(manager)))
    CounsellingSessionFactory(adviser=adviser, site=site)
    seen.append(len(done(manager)))
    ApiClientFactory(organisation=contract.holder, last_used_at=NOW)
    MandateFactory(role=Role.OPERATOR_MANAGER, organisation=contract.holder)

    assert seen == [1, 2, 4, 5, 6]
    assert done(manager) == ALL


def test_one_adviser_without_hours_is_counted(manager, contract):
    opened = OpeningRuleFactory(adviser__site=SiteFactory(contract=contract)).adviser
    AdviserFactory(site=opened.site)

    step = steps_for(user=manager, now=NOW)[2]

    assert (step.is_done, step.text.startswith("Conseillers sans plage : 1.")) == (False, True)


def test_a_hold_is_no_booking_and_a_software_never_seen_is_not_linked(manager, contract):
    adviser = AdviserFactory(site=SiteFactory(contract=contract))
    AppointmentFactory(adviser=adviser, on_hold=True)
    ApiClientFactory(organisation=contract.holder)
    ApiClientFactory(organisation=contract.holder, last_used_at=NOW, revoked_at=NOW + timedelta(hours=1))

    assert done(manager) == ["Ouvrir un lieu", "Inviter un conseiller"]


def test_what_others_did_is_not_ours(manager):
    adviser = OpeningRuleFactory().adviser
    AppointmentFactory(adviser=adviser)
    CounsellingSessionFactory(adviser=adviser)

    assert done(manager) == []


def test_the_page_counts_what_is_needed(client, manager, contract):
    SiteFactory(contract=contract)
    client.force_login(manager)

    page = client.get(reverse("operators:first_steps"))

    assert (page.context["done"], page.context["needed"]) == (1, 6)


def test_a_step_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        STEPS.add(*STEPS, order=1)
