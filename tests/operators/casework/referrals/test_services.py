"""A person is referred with what they agreed to, word for word; the answer comes back."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from beneficiaries.request.errors import FileRestricted
from beneficiaries.rights.services import erase_person, restrict_file
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from cep_portal.messaging.enums import MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.casework.referrals import errors, rules, wording
from operators.casework.referrals.enums import ReferralState
from operators.casework.referrals.models import Referral
from operators.casework.referrals.services import (
    ReferralFacts,
    answer_referral,
    send_referral,
    withdraw_referral,
)
from tests.clock import present
from tests.factories.accounts import UserFactory
from tests.factories.operators import PathwayFactory
from tests.factories.referrals import ReferralDoorFactory, ReferralFactory
from tests.messages import compose_all, composed

pytestmark = pytest.mark.django_db
NOW = present()
FACTS = {"reason": "FUND_TRAINING", "note": "Une licence  en un an.", "shares": ["phone"]}


def send(pathway, door, adviser, **changed):
    text = wording.transmitted(pathway=pathway, **FACTS)
    facts = {**FACTS, "shown": wording.fingerprint(text), "consented": True, **changed}
    return send_referral(
        pathway=pathway, door=door, by=adviser, now=NOW, **grouped(facts, facts=ReferralFacts)
    )


def test_the_text_is_what_the_person_shares_and_nothing_else(pathway):
    text = wording.transmitted(pathway=pathway, **FACTS)

    site = pathway.adviser.site
    assert text.split("\n") == [
        "Personne : Maëlle Kerbrat",
        "Téléphone : 06\u00a039\u00a098\u00a000\u00a001",
        "Motif : Financer une formation",
        "Précision : Une licence en un an.",
        f"Orientée par : {pathway.adviser.user.full_name}, {site.name}, 02\u00a061\u00a091\u00a000\u00a000",
    ]


def test_a_referral_keeps_the_text_the_agreement_and_writes_to_the_door(pathway, adviser):
    door = ReferralDoorFactory(name="Transitions Pro fictif")

    sent = send(pathway, door, adviser)

    message = composed(Message.objects.get(recipient=door.email))
    assert sent.transmitted == wording.transmitted(pathway=pathway, **FACTS)
    assert (sent.consented_at, sent.sent_at, sent.state) == (NOW, NOW, ReferralState.PENDING)
    assert sent.consent_wording == wording.consent(door)
    assert message.subject == "Une personne vous est adressée"
    assert [word in message.body for word in ("Maëlle", "Kerbrat", "licence")] == [False] * 3
    assert AuditEvent.objects.get(action="operators.referral.sent").data == {
        "door": door.pk,
        "way": "MESSAGE",
    }


def test_a_door_without_an_address_is_written_nothing(pathway, adviser):
    sent = send(pathway, ReferralDoorFactory(by_person=True), adviser)

    assert (sent.way, Message.objects.count()) == ("PERSON", 0)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"consented": False}, errors.ConsentMissing),
        ({"shown": "0" * 64}, errors.TextChanged),
        ({"note": "Autre chose."}, errors.TextChanged),
        ({"shares": ["phone", "email"]}, errors.TextChanged),
    ],
)
def test_nothing_leaves_without_the_agreement_to_that_very_text(pathway, adviser, changed, refusal):
    with pytest.raises(refusal):
        send(pathway, ReferralDoorFactory(), adviser, **changed)

    assert (Referral.objects.count(), Message.objects.count()) == (0, 0)


def test_a_door_no_longer_proposed_receives_nobody(pathway, adviser):
    with pytest.raises(errors.DoorClosed):
        send(pathway, ReferralDoorFactory(is_active=False), adviser)


def test_a_second_referral_to_the_same_door_waits_for_the_first_to_end(pathway, adviser):
    door = ReferralDoorFactory()
    first = send(pathway, door, adviser)

    with pytest.raises(errors.AlreadyReferred):
        send(pathway, door, adviser)
    answer_referral(referral=first, state="REFUSED", note="", by=None, now=NOW)

    assert send(pathway, door, adviser).state == ReferralState.PENDING


def test_nobody_is_referred_from_a_frozen_file(pathway, adviser):
    pathway.beneficiary.restricted_at = NOW
    pathway.beneficiary.save()

    with pytest.raises(FileRestricted):
        send(pathway, ReferralDoorFactory(), adviser)


@pytest.mark.parametrize("by_adviser", [False, True])
def test_an_answer_says_who_gave_it_and_the_person_is_told_discreetly(by_adviser):
    user = UserFactory() if by_adviser else None
    sent = ReferralFactory()

    answered = answer_referral(referral=sent, state="ACCEPTED", note="Le 3 décembre à 9 h.", by=user, now=NOW)

    told = composed(Message.objects.get())
    assert (answered.state, answered.answered_at, answered.answered_by) == ("ACCEPTED", NOW, user)
    assert answered.answered_how == ("ADVISER" if by_adviser else "LINK")
    assert (told.recipient, told.subject) == (sent.pathway.beneficiary.email, "Une réponse vous attend")
    assert "3 décembre" not in told.body
    assert AuditEvent.objects.get(action="operators.referral.answered").actor == user


def test_a_person_accepted_is_then_received():
    sent = ReferralFactory(accepted=True, answer_note="Le 3 décembre.")

    done = answer_referral(referral=sent, state="DONE", note="", by=None, now=NOW)

    assert (done.state, done.done_at, done.answer_note) == ("DONE", NOW, "Le 3 décembre.")


@pytest.mark.parametrize("state", ["PENDING", "WITHDRAWN", "ACCEPTED"])
def test_an_answer_that_cannot_be_is_refused(state):
    """A second click, an old tab: an answer is given once."""
    sent = ReferralFactory(accepted=True)

    with pytest.raises(errors.AlreadyAnswered):
        answer_referral(referral=sent, state=state, note="", by=None, now=NOW)

    assert Message.objects.count() == 0


def test_the_agreement_is_taken_back_and_the_door_is_told(pathway, adviser):
    sent = send(pathway, ReferralDoorFactory(), adviser)

    withdrawn = withdraw_referral(referral=sent, by=None, now=NOW + timedelta(minutes=1))

    compose_all()
    told = Message.objects.order_by("pk")
    assert (withdrawn.state, rules.opens(withdrawn, now=NOW)) == ("WITHDRAWN", False)
    assert [message.subject for message in told] == [
        "Une personne vous est adressée",
        "Une demande est retirée",
    ]
    assert AuditEvent.objects.filter(action="operators.referral.withdrawn").count() == 1


def test_what_was_withdrawn_before_the_message_left_never_leaves(pathway, adviser):
    sent = send(pathway, ReferralDoorFactory(), adviser)
    withdraw_referral(referral=sent, by=None, now=NOW)
    first = Message.objects.order_by("pk").first()

    send_message(message_id=first.pk, now=NOW)

    first.refresh_from_db()
    assert first.state == MessageState.CANCELLED


def test_an_answer_already_final_cannot_be_withdrawn():
    with pytest.raises(errors.AlreadyAnswered):
        withdraw_referral(referral=ReferralFactory(refused=True), by=None, now=NOW)


def test_freezing_a_file_withdraws_what_is_open():
    sent = ReferralFactory(accepted=True)
    person = sent.pathway.beneficiary

    restrict_file(beneficiary=person, now=NOW, by=UserFactory())

    sent.refresh_from_db()
    assert sent.state == ReferralState.WITHDRAWN


def test_erasure_blanks_every_word_of_a_referral():
    sent = ReferralFactory(refused=True, answer_note="Trop tard.")

    erase_person(beneficiary=sent.pathway.beneficiary, now=NOW, by=None, is_compulsory=True)

    sent.refresh_from_db()
    assert (sent.transmitted, sent.note, sent.answer_note, sent.reason) == ("", "", "", "OTHER")
    assert sent.state == ReferralState.REFUSED


@pytest.mark.parametrize(("days", "late"), [(15, False), (16, True)])
def test_a_silent_partner_is_late_after_the_days_of_the_setting(settings, days, late):
    settings.PORTAL_REFERRAL_ANSWER_DAYS = 15
    sent = ReferralFactory(pathway=PathwayFactory())

    assert rules.is_late(sent, now=sent.sent_at + timedelta(days=days)) is late


@pytest.mark.parametrize("column", ["restricted_at", "erased_at"])
def test_link_shows_nothing_of_a_frozen_or_erased_person(column):
    person = {"restricted_at": None, "erased_at": None} | {column: NOW}
    referral = SimpleNamespace(
        state="PENDING", sent_at=NOW, pathway=SimpleNamespace(beneficiary=SimpleNamespace(**person))
    )

    assert not rules.opens(referral, now=NOW)
    setattr(referral.pathway.beneficiary, column, None)
    assert rules.opens(referral, now=NOW)
