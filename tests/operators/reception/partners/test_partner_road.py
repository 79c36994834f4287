"""A partner books with the person beside: the code is theirs, the sharing is asked, the rest is silence."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import reverse

from beneficiaries.request.models import ServiceRequest
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from operators.booking.agenda.enums import AppointmentState, Channel
from operators.booking.agenda.links import sign
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import move_appointment
from operators.reception.calls.enums import Consent
from operators.reception.partners import rules
from operators.reception.partners.models import PartnerBooking
from operators.reception.partners.services import share_outcome
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory
from tests.factories.operators import AppointmentFactory
from tests.factories.territories import RegionFactory
from tests.operators.booking.agenda.clock import NOW, at
from tests.operators.reception.calls.test_call_road import asked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("present")]
PERSON = {"first_name": "Maëlle", "last_name": "Kerbrat", "email": "maelle@exemple.example", "phone": ""}
LIST = "operators:partner_list"


@pytest.fixture
def desk(client, partner, settings):
    settings.SESSION_COOKIE_AGE = 60 * 24 * 3600  # the tests look at the list after the hour
    client.force_login(partner)
    return client


def code_page(desk, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    contact = desk.post(slots, {"creneau": nine}).url
    return desk.post(contact, PERSON).url


def code_sent() -> str:
    body = Message.objects.get(recipient="maelle@exemple.example").body
    return re.search(r"^(\d{6})$", body, re.MULTILINE).group(1)


def test_the_contact_page_speaks_of_the_person_not_of_the_reader(desk, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    contact = desk.post(slots, {"creneau": nine}).url

    form = desk.post(contact, {"first_name": ""}).context["form"]

    assert form.errors == {
        "first_name": ["Indiquez le prénom."],
        "last_name": ["Indiquez le nom."],
        "email": ["Indiquez l’adresse électronique de la personne."],
    }
    assert [text for field in form.fields.values() if "vous" in (text := field.help_text)] == []


def book(desk, nine):
    page = code_page(desk, nine)
    desk.post(page, {"code": code_sent(), "key": uuid.uuid4()})
    return PartnerBooking.objects.select_related("appointment__beneficiary").get()


def booking(partner, **changed):
    appointment = AppointmentFactory(beneficiary=BeneficiaryFactory(first_name="Maëlle", last_name="Kerbrat"))
    facts = {
        "agreed_at": NOW,
        "outcome_agreed_at": NOW,
        "organisation": partner.mandate.organisation,
        **changed,
    }
    return PartnerBooking.objects.create(
        appointment=appointment, present=appointment, booked_by=partner, **facts
    )


def rows(desk):
    return desk.get(reverse(LIST)).context["rows"]


def become(partner_booking, state, clock):
    present = partner_booking.present
    present.state = state
    if state == AppointmentState.CANCELLED:
        present.cancelled_at, present.cancelled_by = NOW, "PERSON"
    present.save()
    clock.move_to(present.ends_at)


@pytest.mark.parametrize("role", list(Role))
def test_partners_alone_book_with_people(role):
    user = UserFactory(role=role, role__region=RegionFactory() if role == Role.COMMITTEE_MEMBER else None)

    assert rules.can_book_with_people(user) is (role == Role.PARTNER)


def test_code_of_the_person_books(desk, partner, nine):
    made = book(desk, nine)

    booked = made.appointment
    assert (booked.state, booked.channel) == (AppointmentState.BOOKED, Channel.PARTNER)
    assert (booked.beneficiary.full_name, booked.beneficiary.contact_proved_at) == ("Maëlle Kerbrat", NOW)
    assert (booked.assistance.consent, booked.assistance.agreed_at) == (Consent.CODE, NOW)
    assert (made.organisation, made.agreed_at, made.outcome_agreed_at) == (
        partner.mandate.organisation,
        NOW,
        None,
    )
    line = AuditEvent.objects.get(action="operators.partner_booking.agreed")
    assert (line.actor, line.data) == (partner, {})


def test_partner_s_browser_forgets_the_request(desk, nine):
    page = code_page(desk, nine)
    answers = {"code": code_sent(), "key": uuid.uuid4()}

    first, second = (desk.post(page, answers) for _ in range(2))

    reference = Appointment.objects.get().service_request.reference
    assert (first.url, second.url, PartnerBooking.objects.count()) == (reverse(LIST), reverse(LIST), 1)
    assert desk.get(reverse("operators:partner_slots", args=[reference])).status_code == 404
    assert not desk.get(reverse("beneficiaries:request", args=[reference])).context["is_holder"]


def test_partner_is_never_asked_for_the_person_s_wish(desk, partner, nine, clock, client):
    page = code_page(desk, nine)
    assert "rencontré" not in desk.get(page).text

    desk.post(page, {"code": code_sent(), "outcome_agreed": "oui", "key": uuid.uuid4()})

    made = PartnerBooking.objects.get()
    assert made.outcome_agreed_at is None
    become(made, AppointmentState.ATTENDED, clock)
    assert [row["outcome"] for row in rows(desk)] == [""]


def test_person_alone_shares_the_outcome_from_the_link_then_takes_it_back(client, partner, settings, clock):
    settings.SESSION_COOKIE_AGE = 60 * 24 * 3600
    made = booking(partner, outcome_agreed_at=None)
    signed = sign(made.present.uuid)
    page = reverse("operators:appointment", args=[signed])
    assert "Le lui dire" in client.get(page).text

    for _ in range(2):
        client.post(reverse("operators:partner_share", args=[signed]))

    assert "Ne plus le dire" in client.get(page).text
    assert AuditEvent.objects.filter(action="operators.partner_booking.shared").count() == 1
    client.post(reverse("operators:partner_withdraw", args=[signed]))
    client.post(reverse("operators:partner_share", args=[signed]))
    client.force_login(partner)
    become(made, AppointmentState.ATTENDED, clock)
    assert [row["outcome"] for row in rows(client)] == [""]


def contact_page(desk, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    return desk.post(slots, {"creneau": nine}).url


@pytest.mark.parametrize(
    ("channel", "contact"),
    [("EMAIL", {"email": "maelle@exemple.example"}), ("SMS", {"phone": "06 39 98 12 34", "email": ""})],
)
def test_message_of_the_code_says_what_giving_it_does(desk, partner, nine, channel, contact):
    desk.post(contact_page(desk, nine), {**PERSON, **contact, "channel": channel})

    body = Message.objects.get().body
    name = partner.mandate.organisation.name
    assert f"En donnant ce code à {name}, vous acceptez" in body or f"en donnant ce code à {name}" in body
    assert channel == "EMAIL" or len(body) <= 160


def test_a_partner_s_own_address_is_refused(desk, partner, nine):
    page = desk.post(contact_page(desk, nine), {**PERSON, "email": partner.email.upper()})

    assert "celui d’un partenaire" in page.text
    assert "elle seule lit" not in page.text
    again = {**PERSON, "email": partner.email, "is_theirs": "on", "asked_about": partner.email}
    assert "celui d’un partenaire" in desk.post(page.request["PATH_INFO"], again).text
    assert not Message.objects.exists()


def test_an_agent_s_own_address_is_asked_for_that_very_name(desk, nine):
    agent = UserFactory(role=Role.ADVISER, first_name="Maëlle", last_name="Kerbrat")

    page = desk.post(contact_page(desk, nine), {**PERSON, "email": agent.email})

    assert "compte professionnel" in page.text


def shared_by(count, **contact):
    for number in range(count):
        BeneficiaryFactory(first_name="Autre", last_name=f"Personne{number}", **contact)


@pytest.mark.parametrize(
    "contact",
    [
        {"email": "maelle@exemple.example"},
        {"phone": "06 39 98 12 34", "email": "", "channel": "SMS"},
    ],
)
def test_a_contact_of_several_people_is_asked_once_and_kept_if_it_is_theirs(desk, nine, contact):
    shared_by(2, **{name: value for name, value in contact.items() if value and name != "channel"})
    url = contact_page(desk, nine)

    page = desk.post(url, {**PERSON, **contact})

    assert "sert déjà à plusieurs personnes" in page.text
    assert 'type="checkbox" name="is_theirs"' in page.text
    assert 'value="Maëlle"' in page.text
    assert not Message.objects.exists()
    about = contact.get("email") or contact["phone"]
    unticked = desk.post(url, {**PERSON, **contact, "asked_about": about})
    assert "sert déjà à plusieurs personnes" in unticked.text
    other = desk.post(url, {**PERSON, **contact, "asked_about": "autre@exemple.example", "is_theirs": "on"})
    assert "sert déjà à plusieurs personnes" in other.text
    kept = desk.post(url, {**PERSON, **contact, "asked_about": about, "is_theirs": "on"})
    assert kept.status_code == 302
    assert Message.objects.count() == 1


def test_that_one_other_person_is_known_is_not_said_to_a_partner(desk, nine):
    shared_by(1, email="maelle@exemple.example")

    assert desk.post(contact_page(desk, nine), PERSON).status_code == 302


def test_a_contact_that_one_s_organisation_gave_for_another_is_asked(desk, partner, nine):
    made = booking(partner)
    person = made.appointment.beneficiary
    person.first_name, person.email = "Autre", "maelle@exemple.example"
    person.save()

    page = desk.post(contact_page(desk, nine), PERSON)

    assert "a déjà servi à une autre personne que vous accompagnez" in page.text


def test_wrong_code_books_nothing(desk, nine):
    page = code_page(desk, nine)

    response = desk.post(page, {"code": "000000", "key": uuid.uuid4()})

    assert list(response.context["form"].errors) == ["code"]
    assert Appointment.objects.get().state == AppointmentState.ON_HOLD


def test_request_begun_elsewhere_does_not_exist(desk, site):
    request = ServiceRequestFactory(contract=site.contract)

    assert desk.get(reverse("operators:partner_slots", args=[request.reference])).status_code == 404


def test_person_out_of_scope_gets_the_other_door(desk, site):
    response = desk.post(reverse("operators:partner_start"), asked(situation="PUBLIC_AGENT"))

    assert response.context["orientation"].title == "Votre administration vous reçoit"


def test_list_says_initials_hour_and_nothing_else(desk, partner):
    made = booking(partner)

    assert rows(desk) == [
        {"who": "M. K.", "starts_at": made.appointment.starts_at, "zone": "Europe/Paris", "outcome": ""}
    ]
    page = desk.get(reverse(LIST)).text
    hidden = ("Maëlle", "Kerbrat", made.appointment.beneficiary.email, made.appointment.site.name, "niveau")
    assert [word for word in hidden if word in page] == []


def test_a_frozen_file_is_hidden_from_the_partner_too(desk, partner):
    person = booking(partner).appointment.beneficiary
    person.restricted_at = NOW
    person.save()

    assert rows(desk) == []


def test_partner_of_another_organisation_sees_nothing(client, partner):
    booking(partner)
    client.force_login(UserFactory(role=Role.PARTNER))

    assert rows(client) == []


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AppointmentState.ATTENDED, "rencontré"),
        (AppointmentState.NO_SHOW, "non rencontré"),
        (AppointmentState.CANCELLED, "non rencontré"),
        (AppointmentState.BOOKED, ""),
    ],
)
def test_outcome_is_said_after_the_hour_when_agreed(desk, partner, state, said, clock):
    become(booking(partner), state, clock)

    assert [row["outcome"] for row in rows(desk)] == [said]


@pytest.mark.parametrize("changed", [{"outcome_agreed_at": None}, {"withdrawn_at": NOW}])
def test_outcome_is_never_said_without_agreement(desk, partner, changed, clock):
    become(booking(partner, **changed), AppointmentState.NO_SHOW, clock)

    assert [row["outcome"] for row in rows(desk)] == [""]


def test_cancellation_is_not_said_before_the_hour(desk, partner):
    made = booking(partner)
    made.present.state, made.present.cancelled_at, made.present.cancelled_by = "CANCELLED", NOW, "PERSON"
    made.present.save()

    assert [row["outcome"] for row in rows(desk)] == [""]


def test_move_is_followed_and_not_said(desk, partner, site, nine, clock):
    made = share_outcome(booking=book(desk, nine), now=NOW)
    moved = move_appointment(
        appointment=made.appointment,
        site=site,
        starts_at=at("2026-12-07 09:00"),
        level="ONE",
        mode="ON_SITE",
        now=NOW,
    )

    made.refresh_from_db()
    assert made.present == moved
    assert rows(desk)[0]["starts_at"] == at("2026-11-30 09:00")
    clock.move_to(at("2026-12-01 09:00"))
    assert rows(desk)[0]["outcome"] == ""
    become(made, AppointmentState.ATTENDED, clock)
    assert rows(desk)[0]["outcome"] == "rencontré"


def test_person_withdraws_from_the_link_and_the_outcome_vanishes(client, partner, settings, clock):
    settings.SESSION_COOKIE_AGE = 60 * 24 * 3600
    made = booking(partner)
    signed = sign(made.present.uuid)
    page = client.get(reverse("operators:appointment", args=[signed]))

    client.post(reverse("operators:partner_withdraw", args=[signed]))
    client.post(reverse("operators:partner_withdraw", args=[signed]))

    assert partner.mandate.organisation.name in page.text
    assert partner.mandate.organisation.name not in client.get(page.request["PATH_INFO"]).text
    assert AuditEvent.objects.filter(action="operators.partner_booking.withdrawn").count() == 1
    client.force_login(partner)
    become(made, AppointmentState.ATTENDED, clock)
    assert [row["outcome"] for row in rows(client)] == [""]


def test_other_links_withdraw_nothing(client):
    plain = AppointmentFactory()

    for signed in ("altered", sign(plain.uuid)):
        assert client.post(reverse("operators:partner_withdraw", args=[signed])).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        "outcome_agreed_at = NULL, withdrawn_at = NULL",
        "outcome_agreed_at = agreed_at + interval '1 day'",
        "agreed_at = agreed_at + interval '1 day'",
        "withdrawn_at = NULL",
    ],
)
def test_agreement_cannot_be_changed_by_hand(partner, change):
    booking(partner, withdrawn_at=NOW)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE operators_partnerbooking SET {change}")


def test_booking_with_a_partner_is_never_deleted(partner):
    made = booking(partner)

    with pytest.raises(ProgrammingError), transaction.atomic():
        PartnerBooking.objects.filter(pk=made.pk)._raw_delete("default")


def test_nothing_is_withdrawn_that_was_not_agreed(partner):
    with pytest.raises(IntegrityError, match="partner_withdraws_what_was_agreed"), transaction.atomic():
        booking(partner, outcome_agreed_at=None, withdrawn_at=NOW)


@pytest.mark.parametrize("count", [1, 4])
def test_list_query_count_is_constant(desk, partner, django_assert_num_queries, count):
    for _ in range(count):
        booking(partner)

    with django_assert_num_queries(5):  # session, user, mandates, count, bookings
        assert len(rows(desk)) == count


def test_public_page_explains_without_signing_in(client):
    assert "Un employeur ne peut pas être partenaire" in client.get(reverse("operators:partner_home")).text


def test_hour_lost_after_the_code_leads_back_to_the_slots(desk, site, nine):
    page = code_page(desk, nine)
    held = Appointment.objects.get()
    held.hold_expires_at = NOW - timedelta(minutes=1)
    held.save()
    Appointment.objects.filter(pk=held.pk).update(state="EXPIRED")
    AppointmentFactory(adviser=site.advisers.get())

    lost = desk.post(page, {"code": code_sent(), "key": uuid.uuid4()})

    assert lost.url.startswith(reverse("operators:partner_slots", args=[held.service_request.reference]))
    assert desk.get(lost.url).status_code == 200


def test_a_partner_s_search_writes_no_request_before_an_hour_is_held(desk, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    assert ServiceRequest.objects.count() == 0

    desk.post(slots, {"creneau": nine})

    assert ServiceRequest.objects.count() == 1


def test_a_partner_s_search_whose_session_is_gone_says_so(desk, partner, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    desk.session.flush()
    desk.force_login(partner)

    response = desk.get(slots, follow=True)

    assert response.redirect_chain[-1][0] == reverse("operators:partner_start")
    assert "ne sont plus là" in response.text


def test_a_partner_forgets_the_person_s_request_once_booked(desk, nine):
    slots = desk.post(reverse("operators:partner_start"), asked()).url
    desk.post(
        desk.post(desk.post(slots, {"creneau": nine}).url, PERSON).url,
        {
            "code": code_sent(),
            "outcome_agreed": "oui",
            "key": uuid.uuid4(),
        },
    )

    assert PartnerBooking.objects.count() == 1
    assert desk.get(slots, follow=True).redirect_chain[-1][0] == reverse("operators:partner_start")
