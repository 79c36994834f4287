"""From a postcode to a regional PDF, by the people who do it, on the real stack."""

import io
import re
import time

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.enums import Role
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from procurement.followup.models import Penalty
from reporting.closings.models import Closing
from reporting.kpis.models import KpiRun
from tests.journeys.world import PASSWORD, World, build_world, sessions_of, time_passes

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def wait_for(found, *, seconds: float = 30):
    """What a worker will have done; a failure names what was awaited."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if result := found():
            return result
        time.sleep(0.2)
    raise AssertionError(f"still waiting after {seconds} s")


def sign_in(page: Page, user) -> None:
    page.goto("/compte/login/")
    page.get_by_label("Adresse électronique").last.fill(user.email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_text("Se déconnecter")).to_be_visible()


def ask(page: Page, postcode: str) -> None:
    """Four questions at most, then straight to the hours: nothing is written yet."""
    before = ServiceRequest.objects.count()
    page.goto("/")
    page.get_by_role("link", name="Prendre rendez-vous").first.click()
    page.get_by_label("Salarié du privé").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Commune ou code postal").fill(postcode)
    page.get_by_label("J’y habite").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Changer de métier").check()
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Voir les heures libres").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste à choisir votre rendez-vous")
    expect(page.get_by_text("Étape 5 sur 8")).to_be_visible()
    assert ServiceRequest.objects.count() == before


def book(page: Page) -> None:
    """The last free hour of the week shown, then contact details, then the code read in the mail."""
    page.get_by_role("link", name="Semaine suivante").click()
    page.locator("button[name=creneau]").last.click()
    expect(page.get_by_text("Pas encore réservé")).to_be_visible()
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Adresse électronique").fill("lea.martin@personnes.example")
    page.get_by_role("button", name="Recevoir un code").click()
    mail = wait_for(
        lambda: Message.objects.filter(recipient="lea.martin@personnes.example", state="SENT").first()
    )
    code = re.search(r"\b\d{6}\b", mail.body).group()
    page.locator("input[autocomplete=one-time-code]").fill(code)
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("espace du port", ignore_case=True)


def booked_by_lea() -> Appointment:
    """The one appointment of the person who has just booked; its request holds the answers."""
    email = "lea.martin@personnes.example"
    booked = Appointment.objects.get(beneficiary__email=email, state=AppointmentState.BOOKED)
    assert booked.asked.needs == ["CHANGE_JOB"]
    return booked


def entries_shown(page: Page, world: World) -> int:
    """The entries of the region as its page prints them."""
    region = world.site.commune.department.region_id
    page.goto(f"/pilotage/regions/{region}/?periode={world.month.code}")
    row = page.locator("tr", has=page.get_by_role("link", name="Entrées", exact=True)).first
    return int(row.locator("td").first.inner_text())


def compute(stack) -> None:
    """What beat sends at night, done by the real worker."""
    before = KpiRun.objects.count()
    stack.run_task("reporting.compute_indicators")
    wait_for(lambda: KpiRun.objects.filter(state="DONE").count() > before, seconds=60)


@pytest.fixture
def world(transactional_db):
    return build_world()


@pytest.fixture
def analyst(visitor, world):
    page = visitor()
    sign_in(page, world.people[Role.ANALYST])
    return page


def log_session(page: Page, world: World, appointment: Appointment) -> None:
    """The adviser confirms what happened: pre-filled, a theme and a next step to tick."""
    sign_in(page, world.people[Role.ADVISER])
    page.goto(f"/bureau/rendez-vous/{appointment.uuid}/saisir/")
    page.get_by_label("La personne est venue").check()
    page.get_by_label("Projet professionnel").check()
    page.get_by_label("Un prochain rendez-vous").check()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choisir un créneau")  # the next appointment
    assert sessions_of(appointment) == 1


def test_a_session_moves_the_figure_by_one_from_postcode_to_pdf(stack, visitor, world, analyst):
    compute(stack)
    before = entries_shown(analyst, world)
    person = visitor(javascript=False, width=320)
    ask(person, "35000")
    book(person)
    appointment = booked_by_lea()
    expect(person.locator("main")).not_to_contain_text("heure de")  # said elsewhere only

    time_passes(appointment, until=world.month)
    log_session(visitor(), world, appointment)
    compute(stack)

    assert entries_shown(analyst, world) == before + 1
    assert f"Entrées {before + 1}" in regional_pdf_text(visitor(), world)


def regional_pdf_text(page: Page, world: World) -> str:
    """The committee member asks for the pack, waits for the worker, downloads and reads it."""
    sign_in(page, world.people[Role.COMMITTEE_MEMBER])
    page.goto("/comite/")
    page.get_by_role("button", name=re.compile("dossier", re.IGNORECASE)).first.click()
    link = page.get_by_role("link", name=re.compile("PDF")).first
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    reader = PdfReader(io.BytesIO(download.value.path().read_bytes()))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_booking_in_la_reunion_speaks_local_hours(stack, visitor):
    world = build_world(reunion=True, past_people=0)
    person = visitor(javascript=False, width=320)
    ask(person, "97400")

    book(person)

    appointment = booked_by_lea()
    assert appointment.period.lower.hour == 14  # 18:00 in Saint-Denis, the last slot of a day
    expect(person.locator("main")).to_contain_text("18 h")
    expect(person.locator("main")).to_contain_text("heure de La Réunion")
    assert world.site.zone == "Indian/Reunion"


def test_a_missed_target_is_proposed_heard_and_waived(stack, visitor, world):
    compute(stack)
    for state in ("PROVISIONAL", "CONTESTED"):
        stack.run_task("reporting.advance_closings")
        wait_for(Closing.objects.filter(state=state).first, seconds=60)

    analyst = visitor()
    sign_in(analyst, world.people[Role.ANALYST])
    analyst.get_by_role("link", name=re.compile(world.month.label)).first.click()
    analyst.get_by_text("Arrêter le mois").click()
    analyst.get_by_role("button", name="Arrêter", exact=True).click()
    expect(analyst.locator("h1 + p")).to_contain_text("arrêté")
    penalty = wait_for(Penalty.objects.first, seconds=60)
    assert penalty.state == "PROPOSED"

    manager = visitor()
    sign_in(manager, world.people[Role.CONTRACT_MANAGER])
    manager.goto(f"/pilotage/chiffres/{penalty.figure_ref}/")
    manager.get_by_role("button", name="Recalculer et comparer").click()
    expect(manager.get_by_text("Même chiffre, mêmes empreintes")).to_be_visible()
    manager.goto(f"/pilotage/penalites/{penalty.uuid}/")
    manager.get_by_text("Notifier au titulaire").click()
    manager.get_by_role("button", name="Notifier", exact=True).click()
    expect(manager.locator("h1 + p")).to_contain_text("notifiée")

    operator = visitor()
    sign_in(operator, world.people[Role.OPERATOR_MANAGER])
    operator.goto(f"/bureau/penalites/{penalty.uuid}/")
    operator.get_by_label("Vos observations").fill("Deux conseillers étaient malades.")
    operator.get_by_role("button", name="Envoyer mes observations").click()
    expect(operator.locator("h1 + p")).to_contain_text("observations reçues")

    decider = visitor(javascript=False)
    sign_in(decider, world.people[Role.DECIDER])
    decider.get_by_role("link", name=re.compile("Limiter les rendez-vous")).first.click()
    decider.get_by_label("Lever la pénalité").check()
    decider.get_by_label("Motifs").fill("L’absence est prouvée et le délai est rétabli.")
    decider.locator("main form button[type=submit]").first.click()
    decider.get_by_role("button", name="Prendre cette décision").click()

    penalty.refresh_from_db()
    assert (penalty.state, penalty.decided_amount_excl_tax) == ("WAIVED", 0)
    assert len({penalty.notified_under_id, penalty.observed_under_id, penalty.decided_under_id}) == 3
    assert penalty.decision_letter is not None
