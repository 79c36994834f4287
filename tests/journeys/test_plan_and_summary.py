"""What the person and the adviser write together: a plan that moves, an account that both agreed to."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from cep_portal.accounts.enums import Role
from operators.casework.summaries.models import SummaryDocument
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory, CounsellingSessionFactory, PathwayFactory
from tests.journeys.test_whole_road import sign_in
from tests.journeys.world import HASHED, build_world

pytestmark = [pytest.mark.journey, pytest.mark.slow]


@pytest.fixture
def pathway(transactional_db):
    adviser = build_world(past_people=0).adviser
    user = UserFactory(role=Role.BENEFICIARY, password=HASHED)
    person = BeneficiaryFactory(user=user, email=user.email, first_name="Rose", last_name="Essai")
    pathway = PathwayFactory(adviser=adviser, beneficiary=person)
    CounsellingSessionFactory(pathway=pathway, starts_at=timezone.now() - timedelta(days=1))
    return pathway


def signed_in(visitor, user, **how) -> Page:
    page = visitor(**how)
    sign_in(page, user)
    return page


@pytest.mark.parametrize("javascript", [True, False])
def test_plan_ticked_by_the_person_opens_the_next_session(stack, visitor, pathway, javascript):
    adviser = signed_in(visitor, pathway.adviser.user)
    adviser.goto(f"/bureau/parcours/{pathway.uuid}/plan/")
    adviser.get_by_label("Ajouter un objectif").fill("Choisir entre deux métiers")
    adviser.get_by_role("button", name="Ajouter et choisir les actions").click()
    adviser.get_by_label("Action", exact=True).fill("Rencontrer un soudeur")
    adviser.get_by_role("button", name="Ajouter cette action").click()
    expect(adviser.get_by_text("Rencontrer un soudeur").first).to_be_visible()

    person = signed_in(visitor, pathway.beneficiary.user, javascript=javascript, width=320)
    person.goto("/mon-espace/plan/")
    person.get_by_role("button", name="C’est fait").click()
    person.get_by_role("link", name="Rencontrer un soudeur").click()
    person.get_by_label("Un mot").fill("Il recrute en mars.")
    person.get_by_role("button", name="Envoyer ce mot").click()
    expect(person.get_by_text("Il recrute en mars.")).to_be_visible()

    began = timezone.now() - timedelta(hours=2)
    next_one = AppointmentFactory(
        adviser=pathway.adviser,
        beneficiary=pathway.beneficiary,
        starts_at=began,
        booked_at=began - timedelta(days=3),
    )
    adviser.goto("/bureau/")
    adviser.get_by_role("link", name=re.compile("^Saisir la séance de")).first.click()
    expect(adviser).to_have_url(f"{stack.address}/bureau/rendez-vous/{next_one.uuid}/saisir/")
    expect(adviser.get_by_text("1 action faite")).to_be_visible()


def test_summary_is_accepted_and_a_changed_byte_is_seen(stack, visitor, pathway, tmp_path):
    adviser = signed_in(visitor, pathway.adviser.user)
    adviser.goto(f"/bureau/parcours/{pathway.uuid}/synthese/")
    adviser.get_by_role("button", name="Commencer").click()
    adviser.get_by_label("Projet").fill("Devenir soudeuse.")
    adviser.get_by_role("button", name="Proposer à la personne").click()
    expect(adviser.get_by_text("La personne n’a pas encore répondu")).to_be_visible()

    person = signed_in(visitor, pathway.beneficiary.user, width=320)
    person.goto("/mon-espace/synthese/")
    person.get_by_role("link", name="Document de synthèse, version 1").click()
    expect(person.get_by_text("Devenir soudeuse.")).to_be_visible()
    person.get_by_role("button", name="J’accepte ce document").click()
    with person.expect_download() as download:
        person.get_by_role("link", name="Télécharger le PDF").click()
    kept, changed = tmp_path / "synthese.pdf", tmp_path / "change.pdf"
    kept.write_bytes(download.value.path().read_bytes())
    changed.write_bytes(kept.read_bytes()[:-1] + b"\x00")

    reader = visitor(javascript=False)
    check_code = SummaryDocument.objects.get().document.check_code
    for file, said in ((kept, "Votre fichier est bien celui-là"), (changed, "Votre fichier a été modifié")):
        reader.goto(f"/verifier/{check_code}/")
        reader.get_by_label("Le fichier que vous avez reçu").set_input_files(file)
        reader.get_by_role("button", name="Comparer").click()
        expect(reader.get_by_text(said)).to_be_visible()
    expect(reader.get_by_text("Rose")).to_have_count(0)
