"""When a request exists: answers stay in the session until an act needs a request (ADR 0050)."""

import re
import uuid

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from beneficiaries.request.enums import Situation
from beneficiaries.request.models import Beneficiary, ServiceRequest
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.presenters.slot_search import slot_value
from operators.booking.demand.models import CallBack, UnmetDemand, WaitingEntry
from operators.booking.groups.models import GroupPlace
from tests.beneficiaries.test_triage import answer, url
from tests.factories.accounts import UserFactory
from tests.factories.groups import GroupSessionFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.booking.agenda.road import PERSON

pytestmark = pytest.mark.django_db
NINE = at("2026-11-30 09:00")


@pytest.fixture(autouse=True)
def present(clock):
    clock.move_to(NOW)
    return NOW


@pytest.fixture
def site():
    return OpeningRuleFactory().site


@pytest.fixture
def hours(client, site):
    """The page of the hours after the triage, nothing written yet."""
    answer(client)
    return client.post(url("triage_check")).url


def reference(hours):
    return hours.split("?")[0].rstrip("/").rsplit("/", 1)[1]


def page(name, hours, *args):
    return reverse(name, args=[reference(hours), *args])


def test_pages_of_the_road_are_read_without_writing(client, hours, site):
    meeting = GroupSessionFactory(site=site)
    names = ("operators:slot_list", "operators:nothing_fits", "operators:group_choose")
    for address in (
        *(page(name, hours) for name in names),
        page("operators:group_join", hours, meeting.uuid),
        page("beneficiaries:request_contact", hours),
    ):
        assert client.get(address).status_code == 200, address
    assert client.get(page("beneficiaries:request", hours)).url.startswith(hours.split("?")[0])
    assert ServiceRequest.objects.count() == 0


def test_a_hold_writes_the_request_once(client, hours, site):
    value = {"creneau": slot_value(NINE, site.slug)}

    first, second = client.post(hours, value), client.post(hours, value)

    request = ServiceRequest.objects.get()
    assert (request.requested_at, request.needs, request.commune_id) == (NOW, ["CHANGE_JOB"], "35238")
    assert request.reference not in hours
    assert first.url == second.url
    assert Appointment.objects.get(service_request=request).state == AppointmentState.ON_HOLD
    assert client.get(hours).context["service_request"] == request


def test_a_hold_that_is_refused_writes_nothing(client, hours, site):
    AppointmentFactory(adviser=site.advisers.get())

    response = client.post(hours, {"creneau": slot_value(NINE, site.slug)})

    assert response.status_code == 409
    assert ServiceRequest.objects.count() == 0
    assert client.get(url("start")).context["form"]["situation"].initial == Situation.EMPLOYEE


def test_whole_road_books_from_the_session(client, hours, site):
    held = client.post(hours, {"creneau": slot_value(NINE, site.slug)})
    code_page = client.post(held.url, PERSON).url
    body = Message.objects.get(key__startswith="contact-code").body
    code = re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)

    done = client.post(code_page, {"code": code, "key": uuid.uuid4()})

    booked = Appointment.objects.get(state=AppointmentState.BOOKED)
    assert booked.asked.beneficiary.email == PERSON["email"]
    assert booked.asked.displayed_reference in client.get(done.url).text


def test_a_contact_given_writes_the_request(client, hours):
    code_page = client.post(page("beneficiaries:request_contact", hours), PERSON)

    request = ServiceRequest.objects.get()
    assert request.reference in code_page.url


def test_an_attestation_asked_writes_the_request_then_asks_the_name(client, hours):
    answered = client.post(page("beneficiaries:attestation", hours))

    request = ServiceRequest.objects.get()
    assert answered.url == url("request_contact", request.reference)
    assert "Attestation de demande" not in client.get(answered.url).text


def test_a_call_back_writes_the_request(client, hours):
    asked = {"voie": "CALL_BACK", "level": "ONE", "modes": ["PHONE"], "place": "ici"}
    named = {"name": "Léa", "phone": "06 39 98 00 00", "call_hours": "ANY"}

    client.post(page("operators:nothing_fits", hours), {**asked, **named})

    assert CallBack.objects.get().service_request == ServiceRequest.objects.get()


def test_what_is_only_said_to_be_missing_writes_no_request(client, hours):
    told = {"voie": "TOLD", "level": "ONE", "modes": ["PHONE"], "place": "ici"}

    for _ in range(2):
        client.post(page("operators:nothing_fits", hours), told)

    assert UnmetDemand.objects.count() == 1
    assert ServiceRequest.objects.count() == 0


def test_the_waiting_list_writes_the_request_with_the_contact(client, hours):
    wanted = {"voie": "WAITING", "level": "ONE", "modes": ["ON_SITE"], "place": "ici"}
    contact = client.post(page("operators:nothing_fits", hours), wanted)
    assert client.get(contact.url).status_code == 200
    assert ServiceRequest.objects.count() == 0

    code_page = client.post(contact.url, PERSON)
    body = Message.objects.get(key__startswith="contact-code").body
    client.post(code_page.url, {"code": re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)})

    assert WaitingEntry.objects.get().service_request == ServiceRequest.objects.get()


def test_a_meeting_writes_the_request_with_the_contact(client, hours, site):
    meeting = GroupSessionFactory(site=site)
    code_page = client.post(page("operators:group_join", hours, meeting.uuid), PERSON)
    body = Message.objects.get(key__startswith="contact-code").body
    code = re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)

    client.post(code_page.url, {"code": code, "key": uuid.uuid4()})

    assert GroupPlace.objects.get().service_request == ServiceRequest.objects.get()


@pytest.mark.parametrize(
    ("needs", "urgency"), [(["RESIGN_TO_RETRAIN"], "NO_HURRY"), (["TRAINING"], "RESIGNATION")]
)
def test_who_plans_to_resign_has_the_request_dated_at_once(client, site, needs, urgency):
    answer(client, needs=needs, urgency=urgency)

    hours = client.post(url("triage_check")).url

    request = ServiceRequest.objects.get()
    assert (request.requested_at, request.needs) == (NOW, needs)
    assert hours.startswith(f"/rendez-vous/choisir/{request.reference}/")
    text = client.get(hours).text
    assert "Attendez la décision de Transitions Pro" in text
    assert request.displayed_reference in text


def test_a_signed_in_person_s_request_is_theirs_once_written(client, site):
    person = Beneficiary.objects.create(
        first_name="Léa", last_name="M", email="lea@exemple.example", created_at=NOW, contact_proved_at=NOW
    )
    person.user = UserFactory(role="BENEFICIARY")
    person.save()
    client.force_login(person.user)
    answer(client)
    hours = client.post(url("triage_check")).url

    client.post(hours, {"creneau": slot_value(NINE, site.slug)})

    assert ServiceRequest.objects.get().beneficiary == person


def test_a_written_request_is_never_deleted(client, hours, site):
    client.post(hours, {"creneau": slot_value(NINE, site.slug)})

    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic():
        ServiceRequest.objects.filter(state="REGISTERED")._raw_delete("default")


def test_changed_answers_make_another_request(client, hours, site):
    value = {"creneau": slot_value(NINE, site.slug)}
    client.post(hours, value)

    client.post(url("triage_need"), {"needs": ["TRAINING"], "urgency": "NO_HURRY"})
    other = client.post(url("triage_check")).url
    client.post(other, {"creneau": slot_value(at("2026-11-30 10:15"), site.slug)})

    needs = ServiceRequest.objects.order_by("pk").values_list("needs", flat=True)
    assert list(needs) == [["CHANGE_JOB"], ["TRAINING"]]


def test_next_person_of_a_shared_phone_starts_from_nothing(client, hours, site):
    client.post(hours, {"creneau": slot_value(NINE, site.slug)})

    start = client.get(url("start"))
    client.post(url("start"), {"situation": Situation.EMPLOYEE})

    assert start.context["form"]["situation"].initial == ""
    assert client.get(url("triage_need")).url == url("triage_commune")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name",
    [
        "operators:slot_list",
        "operators:nothing_fits",
        "operators:waiting_contact",
        "operators:group_choose",
        "beneficiaries:request",
        "beneficiaries:request_contact",
        "beneficiaries:attestation",
    ],
)
def test_a_road_whose_session_is_gone_says_so(client_class, hours, name, method):
    if (name, method) in {("operators:group_choose", "post"), ("beneficiaries:request", "post")}:
        pytest.skip("a page to read")
    stranger = client_class()

    response = getattr(stranger, method)(page(name, hours), follow=True)

    assert response.status_code == 200
    assert response.redirect_chain == [(url("triage_gone"), 302)]
    assert "Vos réponses ne sont plus là" in response.text


@pytest.fixture
def client_class(client):
    return type(client)


def test_a_request_without_its_person_is_written_in_the_journal_and_told_to_nobody(client, hours, site):
    client.post(hours, {"creneau": slot_value(NINE, site.slug)})

    assert AuditEvent.objects.filter(action="beneficiaries.request.registered").count() == 1
