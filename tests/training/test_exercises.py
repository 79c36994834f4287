"""Each role has exercises in the place, and they are really done, from the page to what it writes."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import Mandate, User
from cep_portal.messaging.models import Message
from cep_portal.training.presenters import EXERCISES
from cep_portal.training.services import open_place
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.links import sign
from operators.booking.agenda.models import Appointment
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.selectors import appointments_to_log
from operators.network.models import Adviser, Site
from operators.reception.partners.models import PartnerBooking
from procurement.contracts.models import Contract
from procurement.followup.enums import PenaltyState
from procurement.followup.models import Penalty
from procurement.tender.models import Lot
from reporting.packs.models import RegionalPack

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CALL = {
    "commune_text": "Montexemple",
    "commune": "96101",
    "commune_basis": "HOME",
    "situation": "EMPLOYEE",
    "needs": ["CHANGE_JOB"],
    "urgency": "NO_HURRY",
    "niveau": "1",
    "modalite": "sur-place",
}
LEA = {"first_name": "Léa", "last_name": "Essai", "email": "lea@personnes.example", "phone": ""}


def test_all_the_roles_have_exercises_at_an_account_of_their_own():
    assert [lesson.role for lesson in EXERCISES if len(lesson.steps) < 3] == []
    assert {lesson.role for lesson in EXERCISES} == set(Role)
    assert len({lesson.email for lesson in EXERCISES}) == 11


@pytest.fixture
def opened(training, tmp_path):
    training.PORTAL_DEMONSTRATION = True
    training.PORTAL_SECOND_FACTOR_REQUIRED = False
    training.MEDIA_ROOT = training.PORTAL_DATA_DIR = str(tmp_path)
    training.PORTAL_THROTTLE = False
    open_place()


def code() -> str:
    return re.search(r"\b\d{6}\b", Message.objects.exclude(body="").latest("pk").body)[0]


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer


def done(answer):
    """An act that was accepted leads elsewhere; else its form says why it was not."""
    form = (answer.context or {}).get("form") if answer.status_code == 200 else None
    assert answer.status_code == 302, (answer.status_code, form and form.errors)
    return answer.headers["Location"]


def slot_of(client, slots) -> str:
    return re.search(r'name="creneau" value="([^"]+)"', client.get(slots).text)[1]


def log_a_session(client):
    user = User.objects.get(email="conseil@operateurs.example")
    user.mandate = user.mandates.get()
    waiting = appointments_to_log(user=user, now=timezone.now()).first()
    assert waiting is not None
    url = reverse("operators:session_log", args=[waiting.uuid])
    assert client.get(url).status_code == 200
    done(
        client.post(
            url,
            {
                "attendance": "ATTENDED",
                "level": "ONE",
                "mode": "ON_SITE",
                "duration_minutes": "60",
                "themes": ["SKILLS"],
                "next_step": "PERSON_ACTS",
                "outcome": "",
                "starts": f"{timezone.localtime(waiting.starts_at):%H:%M}",
            },
        )
    )
    session = CounsellingSession.objects.get(appointment=waiting)
    page(client, "operators:pathway_detail", session.pathway.uuid)


def book_for_a_caller(client):
    page(client, "operators:request_list")
    slots = done(client.post(reverse("operators:call_start"), {**CALL, "key": uuid.uuid4()}))
    name_page = done(client.post(slots, {"creneau": slot_of(client, slots)}))
    done(client.post(name_page, {**LEA, "agreed": "on", "key": uuid.uuid4()}))
    assert Appointment.objects.filter(beneficiary__last_name="Essai", state="BOOKED").exists()
    assert page(client, "operators:caller_search", recherche="Esai").status_code == 200


def observe_and_invite(client):
    penalty = Penalty.objects.filter(
        state=PenaltyState.NOTIFIED, observations_due_on__gte=timezone.localdate()
    ).latest("notified_at")
    url = reverse("procurement:own_penalty", args=[penalty.uuid])
    assert client.get(url).status_code == 200
    done(client.post(url, {"observations": "Deux absences, remplacées depuis."}))
    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.OBSERVED
    user = User.objects.get(email="responsable@operateurs.example")
    site = Site.objects.filter(contract__holder=user.mandates.get().organisation).order_by("pk").first()
    invited = {"email": "nouveau@operateurs.example", "first_name": "Nora", "last_name": "Neuve"}
    done(client.post(reverse("operators:adviser_invite"), {**invited, "site": site.slug}))
    assert Adviser.objects.filter(user__email=invited["email"]).exists()
    page(client, "operators:log_quality")
    page(client, "operators:capacity")


def enter_by_code_and_cancel(client):
    client.logout()
    client.post(reverse("beneficiaries:sign_in"), {"contact": "camille@personnes.example"})
    done(client.post(reverse("beneficiaries:sign_in_code"), {"code": code()}))
    assert "Camille" in page(client, "beneficiaries:space").text
    done(client.post(reverse("beneficiaries:export_ask")))
    coming = Appointment.objects.filter(
        beneficiary__email="camille@personnes.example",
        state=AppointmentState.BOOKED,
        period__startswith__gt=timezone.now() + timedelta(days=2),
    ).order_by("-period")
    signed = sign(coming.first().uuid)
    page(client, "operators:appointment_move", signed)
    done(client.post(reverse("operators:appointment_cancel", args=[signed]), {}))


def book_with_a_person(client):
    slots = done(client.post(reverse("operators:partner_start"), {**CALL, "key": uuid.uuid4()}))
    contact = done(client.post(slots, {"creneau": slot_of(client, slots)}))
    own = client.post(contact, {**LEA, "email": "partenaire@partenaires.example"})
    assert "celui d’un partenaire" in own.text
    copied = done(client.post(contact, {**LEA, "email": "maelle@personnes.example"}))
    before = PartnerBooking.objects.count()
    done(client.post(copied, {"code": code(), "key": uuid.uuid4()}))
    assert PartnerBooking.objects.count() == before + 1
    assert "L. E." in page(client, "operators:partner_list").text


def read_the_figures(client):
    page(client, "reporting:national")
    assert "Val-d’Essai" in page(client, "reporting:region", "96").text
    assert b";" in page(client, "reporting:national_csv").content
    page(client, "reporting:indicator", "entries")


def assess_and_read(client):
    contract = Contract.objects.get(lot__title__contains="Val-d’Essai")
    page(client, "procurement:contract_detail", contract.uuid)
    page(client, "reporting:assessments")
    page(client, "reporting:closings")
    notified = Penalty.objects.filter(notified_at__isnull=False).latest("notified_at")
    assert "Val-d’Essai" in page(client, "procurement:penalty_detail", notified.uuid).text


def read_the_market(client):
    page(client, "procurement:market_list")
    page(client, "procurement:lot_detail", Lot.objects.get(title__contains="Val-d’Essai").uuid)
    asked = {"commune_text": "Montexemple", "commune": "96101", "situation": "EMPLOYEE"}
    assert "L’Atelier des Métiers" in page(client, "operators:coverage", **asked).text
    page(client, "procurement:penalty_export")


def decide(client):
    penalty = Penalty.objects.filter(state__in=[PenaltyState.OBSERVED, PenaltyState.SILENT]).first()
    assert penalty is not None
    assert str(penalty.uuid) in page(client, "procurement:to_decide").text
    url = reverse("procurement:penalty_decide", args=[penalty.uuid])
    answer = {"outcome": "REDUCED", "amount_excl_tax": "1", "reasons": "L’écart est expliqué."}
    assert client.post(url, answer).status_code == 200  # what it will do, before it is done
    done(client.post(url, {**answer, "confirmed": "1"}))
    penalty.refresh_from_db()
    assert penalty.state == PenaltyState.REDUCED


def read_a_pack(client):
    page(client, "reporting:committee")
    pack = RegionalPack.objects.filter(region="96", document__isnull=False).latest("pk")
    page(client, "reporting:pack", pack.uuid)
    assert page(client, "reporting:pack_download", pack.uuid).content.startswith(b"%PDF")
    page(client, "reporting:region", "96")


def give_and_end_a_mandate(client):
    granted = {
        "email": "neuf@pilotage.example",
        "first_name": "Noé",
        "last_name": "Neuf",
        "role": "ANALYST",
        "starts_on": timezone.localdate().isoformat(),
    }
    done(client.post(reverse("accounts:mandate_list"), granted))
    mandate = Mandate.objects.get(user__email="neuf@pilotage.example")
    done(client.post(reverse("accounts:mandate_end", args=[mandate.uuid])))
    mandate.refresh_from_db()
    assert mandate.ended_at is not None
    page(client, "messaging:message_list")
    page(client, "messaging:delivery_days")
    done(client.post(reverse("training:clock_move"), {"step": "WEEK"}))


WALKS = {
    Role.ADVISER: log_a_session,
    Role.INTAKE_OFFICER: book_for_a_caller,
    Role.OPERATOR_MANAGER: observe_and_invite,
    Role.BENEFICIARY: enter_by_code_and_cancel,
    Role.PARTNER: book_with_a_person,
    Role.ANALYST: read_the_figures,
    Role.CONTRACT_MANAGER: assess_and_read,
    Role.BUYER: read_the_market,
    Role.DECIDER: decide,
    Role.COMMITTEE_MEMBER: read_a_pack,
    Role.ADMINISTRATOR: give_and_end_a_mandate,
}


def test_each_role_does_its_exercises_on_the_first_day(opened, client):
    """One build for the eleven: each walk is that of another account, and says by itself what failed."""
    failed = {}
    for lesson in EXERCISES:
        client.force_login(User.objects.get(email=lesson.email))
        try:
            WALKS[lesson.role](client)
        except Exception as reason:  # noqa: BLE001 -- every role is walked, then all is told
            failed[lesson.role.name] = repr(reason)

    assert failed == {}
    assert ServiceRequest.objects.filter(commune="96101").exists()
