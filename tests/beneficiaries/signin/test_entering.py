"""Everybody has their space: whoever named the person first, a contact that is proved opens it."""

import re

import pytest
from django.db import DatabaseError
from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.callers import prove_contact
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent, Mandate, User
from cep_portal.common import phones
from cep_portal.messaging.models import Message
from tests.beneficiaries.signin.entering import (
    ASK,
    COPY,
    WHO,
    account,
    ask,
    copy,
    enter,
    last_code,
    say,
    told,
)
from tests.beneficiaries.test_request_services import confirm, send
from tests.beneficiaries.test_request_walls import run_sql
from tests.clock import present
from tests.factories.accounts import MandateFactory, UserFactory
from tests.factories.beneficiaries import BeneficiaryFactory, ServiceRequestFactory

pytestmark = pytest.mark.django_db
NOW = present()
SPACE = reverse("beneficiaries:space")
MOBILE = "06 39 98 12 34"


def linked(**more) -> Beneficiary:
    """Named by somebody else, then « C’est bien moi » on the page of the link."""
    person = told(**more)
    prove_contact(beneficiary=person, now=NOW)
    return person


@pytest.mark.parametrize("make", [BeneficiaryFactory, told, linked])
@pytest.mark.parametrize("way", ["email", "sms"])
def test_whoever_named_the_person_the_space_opens(client, make, way):
    contact = {"email": "", "phone": MOBILE} if way == "sms" else {}
    if way == "sms" and make is BeneficiaryFactory:
        contact["phone_verified_at"] = NOW
    person = make(**contact)
    request = ServiceRequestFactory(beneficiary=person)

    answer = enter(client, person, by_sms=way == "sms")

    page = client.get(answer.headers["Location"], follow=True)
    assert page.request["PATH_INFO"] == SPACE
    assert request.displayed_reference in page.text
    person.refresh_from_db()
    assert str(person.user_id) == account(client)
    assert person.contact_proved_at is not None
    assert (person.email_verified_at is not None, person.phone_verified_at is not None) == (
        way == "email",
        way == "sms",
    )


@pytest.mark.parametrize("by_sms", [False, True])
def test_attestation_copy_and_erasure_are_reached_from_the_space(client, by_sms):
    person = linked(**({"email": "", "phone": MOBILE} if by_sms else {}))
    request = ServiceRequestFactory(beneficiary=person)
    enter(client, person, by_sms=by_sms)

    issued = client.post(reverse("beneficiaries:attestation", args=[request.reference]), follow=True)
    copied = client.post(reverse("beneficiaries:export_ask"), follow=True)
    asked = client.post(reverse("beneficiaries:erase"))
    erased = client.post(asked.headers["Location"], {"code": last_code()}, follow=True)

    assert issued.headers["Content-Type"] == "application/pdf"
    assert copied.status_code == 200
    assert erased.request["PATH_INFO"] == reverse("beneficiaries:erased")
    person.refresh_from_db()
    assert person.erased_at is not None


def test_an_account_of_a_mobile_has_no_invented_address(client):
    person = told(email="", phone=MOBILE)

    enter(client, person, by_sms=True)

    user = User.objects.get(beneficiary=person)
    assert (user.email, user.full_name, user.has_usable_password()) == ("", "Lou Le Goff", False)
    assert client.get(reverse("sessions")).status_code == 200


def test_two_people_of_one_mailbox_each_have_their_account(client):
    first = BeneficiaryFactory(email="foyer@exemple.example", first_name="Lou", last_name="Le Goff")
    second = BeneficiaryFactory(email="Foyer@exemple.example", first_name="Anne", last_name="Le Goff")
    users = []
    for person in (first, second):
        client.logout()
        enter(client, person)
        users.append(account(client))

    assert users == [str(user.pk) for user in User.objects.filter(beneficiary__isnull=False).order_by("pk")]
    assert len(set(users)) == 2
    assert sorted(User.objects.values_list("email", flat=True)) == ["", "foyer@exemple.example"]


def test_a_shared_mailbox_asks_which_and_shows_no_name(client):
    for first_name in ("Lou", "Anne"):
        BeneficiaryFactory(email="foyer@exemple.example", first_name=first_name, last_name="Le Goff")
    ask(client, "foyer@exemple.example")

    answer = copy(client)
    page = client.get(WHO)

    assert (answer.headers["Location"], account(client)) == (WHO, None)
    assert "Le Goff" not in page.text
    assert "Lou" not in page.text


def test_a_name_that_is_nobody_s_opens_nothing_and_counts(client):
    told(email="lou@exemple.example")
    ask(client, "lou@exemple.example")
    copy(client)

    answer = say(client, "Jean", "Tout-Autre")

    assert account(client) is None
    assert "Personne de ce nom n’est connu à ce contact" in answer.text
    assert "Il vous reste 4 essais" in answer.text
    assert 'value="Tout-Autre"' in answer.text
    for _ in range(4):
        say(client, "Jean", "Tout-Autre")
    over = say(client, "Lou", "Le Goff", follow=True)
    assert (over.headers["Location"], account(client)) == (ASK, None)


def test_name_is_read_without_accent_nor_case(client):
    told(email="lou@exemple.example", first_name="Éloïse-Anne")
    ask(client, "lou@exemple.example")
    copy(client)

    say(client, "eloise anne", "LE GOFF")

    assert account(client) is not None


@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADVISER, Role.ANALYST])
def test_an_address_of_an_agent_opens_nobody_else_s_file(client, role):
    """A partner gave its own address for somebody, then tries to read the file with the name it knows."""
    UserFactory(email="agent@exemple.example", first_name="Paul", last_name="Agent", role=role)
    told(email="agent@exemple.example")
    ask(client, "agent@exemple.example")

    page = copy(client)

    assert "compte professionnel" in page.text
    say(client, "Lou", "Le Goff")
    assert account(client) is None


def test_an_agent_who_is_a_person_too_has_a_space_apart(client):
    agent = UserFactory(
        email="agent@exemple.example", first_name="Paul", last_name="Agent", role=Role.PARTNER
    )
    own = BeneficiaryFactory(email="agent@exemple.example", first_name="Paul", last_name="Agent")
    told(email="agent@exemple.example")
    ask(client, "agent@exemple.example")
    assert copy(client).headers["Location"] == WHO

    say(client, "Paul", "Agent")

    own.refresh_from_db()
    assert (account(client), own.user_id == agent.pk) == (str(own.user_id), False)


def test_a_person_whose_account_became_an_agent_s_enters_by_password_only(client):
    user = UserFactory(email="camille@exemple.example", first_name="Camille", last_name="Roux")
    BeneficiaryFactory(user=user, email=user.email, first_name="Camille", last_name="Roux")
    MandateFactory(user=user, role=Role.ADVISER)
    ask(client, user.email)
    copy(client)

    say(client, "Camille", "Roux")

    assert account(client) is None


def test_a_number_typed_beside_a_proved_address_opens_nothing(client):
    """ADR 0014: nobody proved it; the one whose number it is would read somebody else's file."""
    person = BeneficiaryFactory(phone=MOBILE)
    ask(client, MOBILE)

    page = copy(client)

    assert "Aucun espace" in page.text
    say(client, person.first_name, person.last_name)
    assert account(client) is None


def test_the_contact_of_a_duplicate_opens_the_file_it_was_merged_into(client):
    kept = BeneficiaryFactory(first_name="Lou", last_name="Le Goff")
    told(email="", phone=MOBILE, merged_into=kept)
    ask(client, MOBILE)
    copy(client)

    say(client, "Lou", "Le Goff")

    kept.refresh_from_db()
    assert str(kept.user_id) == account(client)
    assert (kept.phone, kept.phone_verified_at) == ("", None)


def test_files_of_one_name_are_told_apart_by_their_day(client):
    for month in (1, 3):
        BeneficiaryFactory(
            email="lou@exemple.example",
            first_name="Lou",
            last_name="Le Goff",
            created_at=NOW.replace(month=month),
        )
    second = Beneficiary.objects.latest("pk")
    ask(client, "lou@exemple.example")
    copy(client)

    question = say(client, "Lou", "Le Goff")
    assert account(client) is None
    assert len(re.findall(r"Dossier ouvert le", question.text)) == 2

    say(client, "Lou", "Le Goff", file=str(second.uuid))
    second.refresh_from_db()
    assert str(second.user_id) == account(client)


def test_a_file_of_another_cannot_be_chosen(client):
    told(email="lou@exemple.example")
    other = BeneficiaryFactory()
    ask(client, "lou@exemple.example")
    copy(client)

    say(client, "Lou", "Le Goff", file=str(other.uuid))

    assert account(client) is None


def test_an_erased_person_is_nobody_s_contact(client):
    person = BeneficiaryFactory(email="lou@exemple.example")
    Beneficiary.objects.filter(pk=person.pk).update(
        first_name="Personne",
        last_name="effacée",
        email="x@efface.invalid",
        email_verified_at=None,
        erased_at=NOW,
    )
    ask(client, "lou@exemple.example")

    assert "Aucun espace" in copy(client).text


def test_a_frozen_file_opens_for_its_person(client):
    person = BeneficiaryFactory(restricted_at=NOW)

    enter(client, person)

    assert "Votre dossier est gelé" in client.get(SPACE).text


def test_a_booking_by_code_on_a_mobile_opens_the_account_too():
    contact_code = send(ServiceRequestFactory(), channel="SMS", phone=MOBILE)
    code = re.search(r"\d{6}", Message.objects.latest("pk").body)[0]

    person = confirm(contact_code, code)

    assert person.user is not None
    assert Mandate.objects.get(user=person.user).role == Role.BENEFICIARY


def test_who_confirmed_by_the_link_is_found_again_by_a_later_code():
    known = linked(email="lou@exemple.example")

    person = confirm(send(ServiceRequestFactory()))

    assert person == known


def test_after_signing_in_one_goes_where_one_wanted(client):
    person = BeneficiaryFactory()
    wanted = reverse("beneficiaries:my_data")
    client.post(f"{ASK}?next={wanted}", {"contact": person.email})
    assert copy(client).headers["Location"] == wanted

    client.logout()
    client.post(f"{ASK}?next=https://ailleurs.example/", {"contact": person.email})
    assert copy(client).headers["Location"] == reverse("desk")


def test_the_sign_in_page_leads_there_with_the_page_wanted(client):
    page = client.get(f"{reverse('account_login')}?next=/mon-espace/donnees/")

    assert f'href="{ASK}?next=%2Fmon-espace%2Fdonnees%2F"' in page.text
    assert client.get("/compte/login/code/").headers["Location"] == ASK
    assert f'href="{ASK}"' in client.get(reverse("account_login")).text


def test_signed_in_already_one_is_led_to_the_space(client):
    enter(client, BeneficiaryFactory())

    assert client.get(ASK).headers["Location"] == reverse("desk")
    assert client.get(COPY).headers["Location"] == ASK


def test_first_proof_is_written_in_the_journal(client):
    person = told(email="lou@exemple.example")

    enter(client, person)

    line = AuditEvent.objects.get(action="beneficiaries.contact.proved")
    assert (line.target_id, line.actor) == (person.pk, None)


def test_the_database_refuses_two_accounts_of_one_address():
    user = UserFactory(email="lou@exemple.example")
    User.objects.create_user("", first_name="Sans", last_name="Adresse")
    User.objects.create_user("", first_name="Sans", last_name="Adresse")

    with pytest.raises(DatabaseError, match="user_email_unique"):
        run_sql("UPDATE accounts_user SET email = 'LOU@exemple.example' WHERE id <> %s", user.pk)


def test_a_mobile_alone_adds_an_address_and_is_warned_there(client):
    person = BeneficiaryFactory(by_phone=True)
    enter(client, person, by_sms=True)
    asked = client.post(reverse("beneficiaries:email_change"), {"email": "lou@exemple.example"})
    assert "Vous n’en avez pas donné" in client.get(reverse("beneficiaries:email_change")).text

    client.post(asked.headers["Location"], {"code": last_code()})

    person.refresh_from_db()
    assert (person.email, person.user.email) == ("lou@exemple.example", "lou@exemple.example")
    warning = Message.objects.get(key__startswith="email-added:")
    assert (warning.channel, phones.mobile(person.phone)) == ("SMS", warning.recipient)


def test_the_last_way_to_reach_a_person_is_not_taken_away(client):
    person = BeneficiaryFactory(by_phone=True)
    enter(client, person, by_sms=True)

    names = {"first_name": person.first_name, "last_name": person.last_name}
    page = client.post(reverse("beneficiaries:rectify"), names | {"phone": ""})

    assert "Gardez ce numéro" in page.text
    assert Beneficiary.objects.get().phone == person.phone


def test_a_copy_that_is_ready_is_told_by_sms_to_a_mobile_alone(client, django_capture_on_commit_callbacks):
    enter(client, BeneficiaryFactory(by_phone=True), by_sms=True)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("beneficiaries:export_ask"))

    message = Message.objects.get(key__startswith="export:")
    assert (message.channel, message.subject, message.body == "") == ("SMS", "", False)


def test_likely_typing_error_is_asked_about_before_a_code_leaves(client):
    """As on every page where an address is typed (ADR 0052): nobody waits for a code that went astray."""
    asked = ask(client, "lou@gmial.com")

    assert asked.context["form"].errors["contact"] == ["Vouliez-vous dire lou@gmail.com\u00a0?"]
    assert 'type="text" name="contact"' in asked.text
    assert Message.objects.count() == 0
    client.post(ASK, {"contact": "lou@gmial.com", "contact_choice": "lou@gmail.com"})
    assert Message.objects.get().recipient == "lou@gmail.com"


def test_unusual_address_kept_as_written_is_taken(client):
    client.post(ASK, {"contact": "lou@gmial.com", "contact_choice": "lou@gmial.com"})

    assert Message.objects.get().recipient == "lou@gmial.com"
