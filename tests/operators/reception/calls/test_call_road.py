"""A person on the telephone: from « allô » to the confirmation in at most five steps (RDV-SP 1708, 2370)."""

import uuid

import pytest
from django.urls import reverse

from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.models import Appointment
from operators.reception.calls.enums import Consent
from operators.reception.calls.models import AssistedBooking
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AdviserFactory, AppointmentFactory, OpeningRuleFactory
from tests.factories.procurement import ContractFactory
from tests.operators.booking.agenda.clock import NOW, at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("present")]
CALLER = {
    "first_name": "Léa",
    "last_name": "Morvan",
    "email": "lea@exemple.example",
    "phone": "06 39 98 00 00",
    "agreed": "on",
}


def asked(**changed):
    return {
        "commune_text": "35000",
        "commune_basis": "HOME",
        "situation": "EMPLOYEE",
        "needs": ["CHANGE_JOB"],
        "urgency": "NO_HURRY",
        "niveau": "1",
        "modalite": "sur-place",
        "key": uuid.uuid4(),
        **changed,
    }


def named(**changed):
    return {**CALLER, "key": uuid.uuid4(), **changed}


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def held(desk, nine, **changed):
    """The address of the page where the caller gives a name, after a search and a choice."""
    slots = desk.post(reverse("operators:call_start"), asked(**changed)).url
    return desk.post(slots, {"creneau": nine}).url


def test_caller_is_booked_in_three_steps_after_the_first_screen(desk, officer, site, nine):
    steps = 1
    start = desk.get(reverse("operators:call_start"), {"commune_text": "35000"})
    assert start.context["form"].matches == [site.commune]

    steps += 1
    slots = desk.post(reverse("operators:call_start"), asked())
    steps += 1
    name_page = desk.post(slots.url, {"creneau": nine})
    steps += 1
    done = desk.post(name_page.url, named())

    booked = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert steps <= 5
    assert done.url == reverse("operators:call_booked", args=[booked.uuid])
    assert (booked.starts_at, booked.channel) == (at("2026-11-30 09:00"), Channel.INTAKE_OFFICER)
    assert (booked.beneficiary.full_name, booked.beneficiary.contact_proved_at) == ("Léa Morvan", None)
    agreement = AssistedBooking.objects.get()
    assert (agreement.appointment, agreement.consent, agreement.agreed_at) == (booked, Consent.ALOUD, NOW)
    assert agreement.booked_by == officer
    assert "à confirmer" in desk.get(done.url).text


def test_request_on_the_telephone_has_its_instant_and_its_officer(desk, officer, site, nine):
    held(desk, nine)

    request = ServiceRequest.objects.get()
    line = AuditEvent.objects.get(action="beneficiaries.request.registered")
    assert (request.requested_at, request.contract, request.beneficiary) == (NOW, site.contract, None)
    assert (line.actor, line.data) == (officer, {})


def test_search_writes_no_request_before_an_hour_is_held(desk, site, nine):
    """A caller who hangs up leaves nobody in the queue (ADR 0050)."""
    answers = asked()

    first, second = (desk.post(reverse("operators:call_start"), answers) for _ in range(2))

    assert (first.url, ServiceRequest.objects.count()) == (second.url, 0)
    assert desk.get(first.url).status_code == 200
    for _ in range(2):
        desk.post(first.url, {"creneau": nine})
    assert ServiceRequest.objects.count() == 1


def test_two_callers_of_one_desk_are_two_requests(desk, nine):
    first, second = (
        desk.post(reverse("operators:call_start"), asked(needs=[need])).url
        for need in ("CHANGE_JOB", "TRAINING")
    )

    desk.post(first, {"creneau": nine})

    assert ServiceRequest.objects.get().needs == ["CHANGE_JOB"]
    assert desk.get(second).context["service_request"].needs == ["TRAINING"]


def test_caller_who_plans_to_resign_has_the_request_dated_at_once(desk, site):
    slots = desk.post(reverse("operators:call_start"), asked(needs=["RESIGN_TO_RETRAIN"])).url

    request = ServiceRequest.objects.get()
    assert request.requested_at == NOW
    assert request.reference in slots


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_call_whose_session_is_gone_says_so(desk, officer, site, method):
    slots = desk.post(reverse("operators:call_start"), asked()).url
    desk.force_login(officer)
    desk.session.flush()
    desk.force_login(officer)

    response = getattr(desk, method)(slots, follow=True)

    assert response.redirect_chain[-1][0] == reverse("operators:call_start")
    assert "ne sont plus là" in response.text


def test_booking_sent_twice_is_one_booking_and_one_message(desk, nine):
    page, answers = held(desk, nine), named()

    first, second = (desk.post(page, answers) for _ in range(2))

    assert first.url == second.url
    assert (
        Appointment.objects.count(),
        Beneficiary.objects.count(),
        Message.objects.filter(recipient="lea@exemple.example").count(),
    ) == (1, 1, 1)


def test_confirmation_goes_to_the_contact_just_told(desk, nine):
    desk.post(held(desk, nine), named())

    booked = Appointment.objects.get()
    assert "lea@exemple.example" in Message.objects.values_list("recipient", flat=True)
    assert AuditEvent.objects.filter(action="operators.appointment.booked").get().target_id == booked.pk


def test_nothing_is_booked_without_the_person_s_agreement(desk, nine):
    answers = named()
    del answers["agreed"]

    response = desk.post(held(desk, nine), answers)

    assert response.context["form"].errors == {
        "agreed": ["Demandez à la personne si elle est d’accord, puis cochez la case."]
    }
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD


def test_one_way_to_write_is_due(desk, nine):
    response = desk.post(held(desk, nine), named(phone="", email=""))

    assert response.context["form"].errors == {
        "phone": ["Indiquez un téléphone ou une adresse : la confirmation y est envoyée."]
    }


def test_code_of_the_person_never_goes_to_who_books_with_them(desk, officer, nine):
    """An agent's own address typed for somebody else is refused; for oneself it stands."""
    page = held(desk, nine)

    refused = desk.post(page, named(email=officer.email.upper()))

    assert refused.context["form"].non_field_errors() == [
        (
            "Ce courriel est celui d’un partenaire ou d’un agent. Donnez celui de la personne :"
            " ses messages et ses codes y arrivent."
        )
    ]
    assert Beneficiary.objects.count() == 0
    own = {"first_name": officer.first_name, "last_name": officer.last_name, "email": officer.email}
    assert desk.post(page, named(**own)).status_code == 302


def test_number_is_due_for_a_session_by_telephone(desk, nine):
    page = held(desk, nine, modalite="telephone")

    response = desk.post(page, named(phone=""))

    assert response.context["form"].errors == {"phone": ["Indiquez le numéro où appeler la personne."]}


def test_known_caller_is_asked_never_decided(desk, site, nine):
    known = BeneficiaryFactory(
        first_name="Léa", last_name="Morvan", phone="+33 6 39 98 00 00", email="perso@exemple.example"
    )
    ServiceRequestFactory(contract=site.contract, beneficiary=known)

    response = desk.post(page := held(desk, nine), named())

    form = response.context["form"]
    assert [value for value, _ in form.fields["person"].widget.choices] == [str(known.uuid), "autre"]
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD
    desk.post(page, named(person=str(known.uuid)))
    booked = Appointment.objects.get()
    assert (booked.beneficiary, Beneficiary.objects.count()) == (known, 1)
    recipients = set(Message.objects.values_list("recipient", flat=True))
    assert "lea@exemple.example" not in recipients  # the contact on file, not the one just told


def test_other_person_of_the_same_name_is_new(desk, site, nine):
    known = BeneficiaryFactory(first_name="Léa", last_name="Morvan", email="lea@exemple.example")
    ServiceRequestFactory(contract=site.contract, beneficiary=known)

    desk.post(held(desk, nine), named(person="autre"))

    assert Appointment.objects.get().beneficiary != known


def test_person_of_another_operator_is_not_shown(desk, nine):
    known = BeneficiaryFactory(first_name="Léa", last_name="Morvan", email="lea@exemple.example")
    ServiceRequestFactory(beneficiary=known)

    desk.post(held(desk, nine), named())

    assert Appointment.objects.get().beneficiary != known


def test_choice_of_somebody_else_s_person_is_refused(desk, site, nine):
    stranger = BeneficiaryFactory()
    known = BeneficiaryFactory(first_name="Léa", last_name="Morvan", email="lea@exemple.example")
    ServiceRequestFactory(contract=site.contract, beneficiary=known)

    response = desk.post(held(desk, nine), named(person=str(stranger.uuid)))

    assert list(response.context["form"].errors) == ["person"]


def test_slot_taken_meanwhile_offers_the_nearest(desk, site, nine):
    slots = desk.post(reverse("operators:call_start"), asked()).url
    AppointmentFactory(adviser=site.advisers.get())

    response = desk.post(slots, {"creneau": nine})

    assert response.status_code == 409
    assert [slot["value"] for slot in response.context["nearest"]][:1] == [nine.replace("0800", "0915")]


@pytest.mark.parametrize("value", ["", "n’importe quoi", "20261130T0800Z~ailleurs"])
def test_slot_that_means_nothing_holds_nothing(desk, site, value):
    slots = desk.post(reverse("operators:call_start"), asked()).url

    assert desk.post(slots, {"creneau": value}).status_code == 200
    assert not Appointment.objects.exists()


def test_commune_of_another_operator_is_named_and_nothing_is_written(desk, site):
    site.contract.holder = ContractFactory().holder
    site.contract.save()

    response = desk.post(reverse("operators:call_start"), asked())

    assert response.context["elsewhere"] == site.contract
    assert not ServiceRequest.objects.exists()


def test_other_door_is_named_and_nothing_is_written(desk, site):
    response = desk.post(reverse("operators:call_start"), asked(situation="JOB_SEEKER"))

    assert response.context["orientation"].title == "France Travail vous reçoit"
    assert not ServiceRequest.objects.exists()


def test_several_communes_are_asked_on_the_same_page(desk, site):
    response = desk.post(reverse("operators:call_start"), asked(commune_text="introuvable"))

    assert list(response.context["form"].errors) == ["commune_text"]


def test_request_of_a_known_person_needs_no_name(desk, site, nine):
    person = BeneficiaryFactory()
    request = ServiceRequestFactory(contract=site.contract, beneficiary=person)
    page = desk.post(reverse("operators:call_slots", args=[request.reference]), {"creneau": nine}).url

    desk.post(page, {"agreed": "on", "key": uuid.uuid4()})

    assert Appointment.objects.get().beneficiary == person


def test_adviser_books_the_next_one_with_the_known_adviser_first(client, site, nine):
    adviser = OpeningRuleFactory(adviser__site=site, site=site).adviser
    person = BeneficiaryFactory()
    request = ServiceRequestFactory(contract=site.contract, beneficiary=person, commune=site.commune)
    AppointmentFactory(
        adviser=adviser,
        starts_at=at("2026-11-16 09:00"),
        beneficiary=person,
        service_request=request,
        state="ATTENDED",
        level="TWO",
    )
    client.force_login(adviser.user)

    slots = client.get(reverse("operators:next_appointment", args=[person.uuid])).url
    page = client.post(slots, {"creneau": nine}).url
    client.post(page, {"agreed": "on", "key": uuid.uuid4()})

    booked = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert slots.endswith("?niveau=2&modalite=sur-place&conseiller=le-mien")
    assert (booked.adviser, booked.channel, booked.level) == (adviser, Channel.ADVISER, "TWO")


def test_next_appointment_without_a_request_begins_with_one(client, site):
    person = BeneficiaryFactory()
    AppointmentFactory(adviser=site.advisers.get(), beneficiary=person)
    client.force_login(site.advisers.get().user)

    response = client.get(reverse("operators:next_appointment", args=[person.uuid]))

    assert response.url == reverse("operators:call_start")


def test_hold_of_another_operator_does_not_exist(client, desk, nine):
    page = held(desk, nine)
    client.force_login(UserFactory(role=Role.INTAKE_OFFICER))

    assert client.get(page).status_code == 404


def test_next_appointment_opens_ones_own_hours_and_names_anybody_else(client, site, nine):
    me = site.advisers.get()
    person = BeneficiaryFactory()
    AppointmentFactory(adviser=me, beneficiary=person, starts_at=at("2026-11-16 09:00"), state="ATTENDED")
    ServiceRequestFactory(contract=site.contract, beneficiary=person, commune=site.commune)
    colleague = AdviserFactory(site=site)
    client.force_login(colleague.user)

    slots = client.get(reverse("operators:next_appointment", args=[person.uuid])).url
    own = client.get(slots)
    everybody = client.get(slots.replace("&conseiller=le-mien", ""))
    held = client.get(client.post(everybody.wsgi_request.get_full_path(), {"creneau": nine}).url)

    assert "Vos heures." in own.text
    assert own.context["days"] == []
    assert everybody.context["days"] != []
    assert f"Avec <strong>{me.user.full_name}</strong>" in held.text
