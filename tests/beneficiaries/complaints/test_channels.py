"""Taken and answered without an e-mail address; contested with a reason, and answered again."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from beneficiaries.complaints import errors, links, rules, services
from beneficiaries.complaints.enums import ComplaintState
from beneficiaries.complaints.models import Complaint, ComplaintContest
from beneficiaries.complaints.services import ComplaintFacts
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ComplaintFactory, ServiceRequestFactory
from tests.factories.procurement import ContractFactory
from tests.messages import compose_all

pytestmark = [pytest.mark.django_db, pytest.mark.dated]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CONTACTS = {
    "EMAIL": {"email": "lou@exemple.example"},
    "SMS": {"phone": "06 39 98 00 01"},
    "PHONE": {"phone": "02 61 91 00 01"},
    "POST": {"address": "3 rue des Lices\n35000 Rennes"},
}
NOT_ASKED = {"email": "reste@", "phone": "12", "address": "ici"}


def manager_of(contract):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)
    user.mandate = user.mandates.get()
    return user


def written(channel, contract=None, now=NOW):
    facts = ComplaintFacts(
        "DELAY", "Personne ne rappelle.", "Lou", "Le Goff", channel=channel, **CONTACTS[channel]
    )
    return services.write_complaint(contract=contract or ContractFactory(), facts=facts, now=now)


def answered(complaint, text="Nous rappelons demain.", now=NOW):
    return services.answer_complaint(
        complaint=complaint, answer=text, now=now, by=manager_of(complaint.contract)
    )


def post(client, **changed):
    request = ServiceRequestFactory()
    words = {
        "topic": "WELCOME",
        "text": "On m’a raccroché au nez.",
        "first_name": "Lou",
        "last_name": "Le Goff",
        "reference": request.displayed_reference,
        "commune_text": "",
        "key": str(uuid.uuid4()),
    }
    return client.post("/reclamation/", {**words, **changed})


@pytest.mark.parametrize("channel", CONTACTS)
def test_complaint_is_taken_on_each_channel_with_its_own_contact_only(client, channel):
    (needed,) = CONTACTS[channel]

    response = post(client, channel=channel, **{**NOT_ASKED, **CONTACTS[channel]})

    complaint = Complaint.objects.get()
    assert response["Location"] == links.follow_path(complaint)
    kept = {name: getattr(complaint, name) for name in NOT_ASKED if getattr(complaint, name)}
    assert list(kept) == [needed]
    assert complaint.channel == channel


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("EMAIL", "Indiquez une adresse pour la réponse."),
        ("SMS", "Indiquez le numéro où vous répondre."),
        ("PHONE", "Indiquez le numéro où vous répondre."),
        ("POST", "Indiquez l’adresse où envoyer la lettre."),
    ],
)
def test_contact_that_is_missing_is_named(client, channel, words):
    page = post(client, channel=channel)

    assert words in page.text
    assert not Complaint.objects.exists()


def test_sms_wants_a_mobile(client):
    page = post(client, channel="SMS", phone="02 61 91 00 01")

    assert "Ce numéro ne reçoit pas de SMS" in page.text


@pytest.mark.parametrize(("channel", "count"), [("EMAIL", 2), ("SMS", 2), ("PHONE", 0), ("POST", 0)])
def test_receipt_and_answer_leave_by_the_channel_of_the_person(channel, count):
    complaint = written(channel)
    answered(complaint)
    compose_all()

    own = Message.objects.exclude(kind="STAFF")
    assert [message.channel for message in own] == [channel] * count
    for message in own.filter(channel="SMS"):
        assert len(message.body) <= 160


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("EMAIL", "Un courriel vous en donne le suivi."),
        ("SMS", "Un SMS vous en donne le suivi."),
        ("PHONE", "Un responsable vous appelle pour la réponse."),
        ("POST", "La réponse vous est postée."),
    ],
)
def test_page_promises_what_the_channel_does(client, channel, said):
    assert said in client.get(links.follow_path(written(channel))).text


@pytest.mark.parametrize("channel", ["PHONE", "POST"])
def test_answer_said_or_posted_is_recorded_with_who_and_when(client, channel, clock):
    complaint = answered(written(channel))
    manager = manager_of(complaint.contract)
    clock.move_to(NOW + timedelta(hours=2))
    client.force_login(manager)
    page = reverse("beneficiaries:complaint_detail", args=[complaint.uuid])

    before = client.get(page).text
    client.post(reverse("beneficiaries:complaint_told", args=[complaint.uuid]))
    after = client.get(page).text

    complaint.refresh_from_db()
    assert "La réponse reste à donner" in before
    assert (complaint.told_at, complaint.told_under) == (NOW + timedelta(hours=2), manager.mandate)
    assert manager.full_name in after
    assert "La réponse reste à donner" not in after
    assert AuditEvent.objects.filter(action="beneficiaries.complaint.told").count() == 1


def test_letter_is_printed_with_the_address_and_the_way_to_the_mediator(client):
    complaint = answered(written("POST"))
    client.force_login(manager_of(complaint.contract))

    letter = client.get(reverse("beneficiaries:complaint_letter", args=[complaint.uuid]))

    assert letter["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")


def test_letter_before_the_answer_leads_back_to_the_complaint(client):
    complaint = written("POST")
    client.force_login(manager_of(complaint.contract))

    letter = client.get(reverse("beneficiaries:complaint_letter", args=[complaint.uuid]))

    assert letter.url == reverse("beneficiaries:complaint_detail", args=[complaint.uuid])


def test_status_says_how_the_answer_comes_and_no_more(client):
    complaint = answered(written("PHONE"))
    path = f"/reclamation/{complaint.reference}/"

    assert "Elle vous est donnée par téléphone." in client.get(path).text
    services.note_told(complaint=complaint, now=NOW, by=manager_of(complaint.contract))
    assert "La réponse a été donnée par téléphone le lundi 23 novembre 2026." in client.get(path).text


def test_nothing_is_told_before_it_is_answered():
    complaint = written("PHONE")

    with pytest.raises(errors.AnswerMissing):
        services.note_told(complaint=complaint, now=NOW, by=manager_of(complaint.contract))


def test_contest_keeps_its_reason_tells_the_managers_and_is_answered_again(client):
    complaint = answered(written("EMAIL"))
    path = links.follow_path(complaint)

    client.post(path, {"reason": "Vous n’avez pas répondu à ma question."})
    complaint.refresh_from_db()
    assert complaint.state == ComplaintState.CONTESTED
    client.force_login(manager_of(complaint.contract))
    desk = reverse("beneficiaries:complaint_detail", args=[complaint.uuid])
    assert "Vous n’avez pas répondu à ma question." in client.get(desk).text
    client.post(desk, {"answer": "Voici la réponse complète."})

    complaint.refresh_from_db()
    contest = ComplaintContest.objects.get()
    assert (complaint.state, complaint.answer) == (ComplaintState.ANSWERED, "Nous rappelons demain.")
    assert (contest.reason, contest.answer) == (
        "Vous n’avez pas répondu à ma question.",
        "Voici la réponse complète.",
    )
    shown = client.get(path).text
    for text in (complaint.answer, contest.reason, contest.answer):
        assert text in shown
    assert Message.objects.filter(key__startswith=f"complaint-answer:{complaint.uuid}").count() == 2


def test_contested_answer_tells_each_manager_once():
    contract = ContractFactory()
    manager = manager_of(contract)
    complaint = written("EMAIL", contract)
    services.answer_complaint(complaint=complaint, answer="Non.", now=NOW, by=manager)

    services.contest_answer(complaint=complaint, reason="Non plus.", now=NOW)
    compose_all()

    told = Message.objects.filter(key__contains="contested")
    assert [message.recipient for message in told] == [manager.email]
    assert "contestée" in told.get().body
    assert "Non plus" not in told.get().body


def test_new_answer_may_be_contested_too_and_leaves_the_mediator_open():
    complaint = answered(written("EMAIL"))
    for text in ("Une raison.", "Une autre."):
        complaint = services.contest_answer(complaint=complaint, reason=text, now=NOW)
        complaint = answered(complaint, "De nouveau.")

    assert complaint.contests.count() == 2
    assert rules.may_reach_mediator(complaint, on=date(2026, 11, 24))
    assert not rules.may_reach_mediator(complaint, on=date(2027, 11, 24))
    with pytest.raises(errors.NotContestable):
        services.contest_answer(complaint=complaint, reason="Trop tard.", now=NOW + timedelta(days=366))


def test_disagreement_said_on_the_telephone_is_noted_by_an_agent(client):
    complaint = answered(written("PHONE"))
    manager = manager_of(complaint.contract)
    client.force_login(manager)

    client.post(
        reverse("beneficiaries:complaint_contest", args=[complaint.uuid]), {"reason": "Elle attend encore."}
    )

    assert ComplaintContest.objects.get().reason == "Elle attend encore."
    assert AuditEvent.objects.get(action="beneficiaries.complaint.contested").actor == manager


def test_silence_counts_from_the_written_complaint_whatever_the_channel():
    complaint = written("POST")

    assert not rules.may_reach_mediator(complaint, on=date(2026, 12, 23))
    assert rules.may_reach_mediator(complaint, on=date(2026, 12, 24))


def test_erasure_empties_every_round():
    complaint = answered(written("POST"))
    complaint = services.contest_answer(complaint=complaint, reason="Une raison.", now=NOW)
    answered(complaint, "De nouveau.")

    services.forget_complaints(complaints=Complaint.objects.all(), now=NOW)

    complaint.refresh_from_db()
    contest = ComplaintContest.objects.get()
    assert (complaint.text, complaint.address, complaint.phone) == ("", "", "")
    assert (contest.reason, contest.answer) == ("", "")
    assert contest.answered_at == NOW


def refused(statement, match):
    with pytest.raises(Exception, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "wall"),
    [
        ("channel = 'POST'", "complaint_written"),
        ("told_at = '2100-01-01'", "complaint_told_is_whole"),
    ],
)
def test_database_wants_a_contact_that_fits_the_channel(change, wall):
    ComplaintFactory()

    with pytest.raises(IntegrityError, match=wall), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE beneficiaries_complaint SET {change}")


def test_database_keeps_the_words_of_a_contest():
    services.contest_answer(complaint=answered(written("EMAIL")), reason="Une raison.", now=NOW)

    refused("UPDATE beneficiaries_complaintcontest SET reason = 'une autre'", "words_fixed")
    refused("UPDATE beneficiaries_complaintcontest SET contested_at = '2100-01-01'", "facts_fixed")
    refused("DELETE FROM beneficiaries_complaintcontest", "never_deleted")
    refused(
        "INSERT INTO beneficiaries_complaintcontest (complaint_id, contested_at, reason, answer)"
        " SELECT complaint_id, contested_at, '', '' FROM beneficiaries_complaintcontest",
        "complaint_contest_once_at_a_time",
    )
