"""Written, acknowledged, a month to answer, a year for the mediator (R6123-14)."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from beneficiaries.complaints import errors, rules, services
from beneficiaries.complaints.enums import ComplaintState
from beneficiaries.complaints.models import Complaint
from beneficiaries.complaints.services import ComplaintFacts
from cep_portal.accounts.enums import Role
from cep_portal.accounts.models import AuditEvent
from cep_portal.common.facts import grouped
from cep_portal.messaging.models import Message
from tests.factories.accounts import UserFactory
from tests.factories.beneficiaries import ComplaintFactory
from tests.factories.procurement import ContractFactory
from tests.messages import compose_all

pytestmark = [pytest.mark.django_db, pytest.mark.dated]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WORDS = {
    "topic": "DELAY",
    "text": "Personne ne rappelle.",
    "first_name": "Lou",
    "last_name": "Le Goff",
    "email": "Lou@Exemple.example",
}


def manager_of(contract):
    user = UserFactory(role=Role.OPERATOR_MANAGER, role__organisation=contract.holder)
    user.mandate = user.mandates.get()
    return user


def write(contract=None, *, now=NOW, **changed):
    return services.write_complaint(
        contract=contract or ContractFactory(), now=now, **grouped({**WORDS, **changed}, facts=ComplaintFacts)
    )


@pytest.mark.parametrize(
    ("received", "due", "until"),
    [
        (date(2026, 11, 23), date(2026, 12, 23), date(2027, 11, 23)),
        (date(2027, 1, 31), date(2027, 2, 28), date(2028, 1, 31)),
        (date(2028, 2, 29), date(2028, 3, 29), date(2029, 2, 28)),
    ],
)
def test_clocks_are_a_month_and_a_year(received, due, until):
    assert (rules.answer_due_on(received), rules.mediator_until_on(received)) == (due, until)


def test_a_complaint_is_acknowledged_and_the_managers_are_told():
    contract = ContractFactory()
    manager = manager_of(contract)
    manager_of(ContractFactory())

    complaint = write(contract)

    assert (complaint.answer_due_on, complaint.email) == (date(2026, 12, 23), "lou@exemple.example")
    compose_all()
    receipt, told = Message.objects.order_by("pk")
    assert (receipt.recipient, told.recipient) == ("lou@exemple.example", manager.email)
    assert complaint.displayed_reference in receipt.body
    assert "mercredi 23 décembre 2026" in receipt.body
    assert AuditEvent.objects.filter(action="beneficiaries.complaint.received").count() == 1


def test_messages_quote_nothing_and_name_no_service():
    contract = ContractFactory()
    manager_of(contract)
    complaint = write(contract)
    services.answer_complaint(
        complaint=complaint, answer="Voici notre réponse.", now=NOW, by=manager_of(contract)
    )

    compose_all()
    texts = [message.subject + message.body for message in Message.objects.all()]
    assert len(texts) == 3  # the receipt, a word to the manager, the answer
    assert [text for text in texts if re.search("rappelle|Voici|Lou|CEP|conseil", text)] == []


def test_an_early_morning_is_counted_on_its_local_day():
    complaint = write(now=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))

    assert complaint.received_on == date(2026, 11, 23)


def test_a_double_click_is_one_complaint():
    key = uuid.uuid4()

    first, second = write(key=key), write(key=key)

    assert first == second
    assert Message.objects.count() == 1


def test_one_address_receives_three_receipts_a_day_at_most():
    contract = ContractFactory()
    for _ in range(3):
        write(contract)

    with pytest.raises(errors.ComplaintsTooMany, match="Réessayez demain"):
        write(contract)
    write(contract, now=NOW + timedelta(days=1))


def test_an_answer_is_written_once_under_a_mandate_and_told():
    contract = ContractFactory()
    manager = manager_of(contract)
    complaint = write(contract)

    services.answer_complaint(complaint=complaint, answer=" Nous rappelons demain. ", now=NOW, by=manager)
    with pytest.raises(errors.AlreadyAnswered):
        services.answer_complaint(complaint=complaint, answer="Autre", now=NOW, by=manager)

    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer) == (ComplaintState.ANSWERED, "Nous rappelons demain.")
    assert complaint.answered_under == manager.mandate
    assert Message.objects.filter(key=f"complaint-answer:{complaint.uuid}").count() == 1
    assert AuditEvent.objects.get(action="beneficiaries.complaint.answered").actor == manager


def test_an_empty_answer_is_refused():
    contract = ContractFactory()
    with pytest.raises(errors.AnswerMissing):
        services.answer_complaint(complaint=write(contract), answer=" ", now=NOW, by=manager_of(contract))


def test_an_answer_that_does_not_suit_opens_the_way_to_the_mediator():
    contract = ContractFactory()
    complaint = write(contract)
    with pytest.raises(errors.NotContestable):
        services.contest_answer(complaint=complaint, now=NOW)
    services.answer_complaint(complaint=complaint, answer="Non.", now=NOW, by=manager_of(contract))

    complaint = services.contest_answer(complaint=complaint, now=NOW + timedelta(days=1))

    assert rules.may_reach_mediator(complaint, on=date(2026, 11, 24))
    assert not rules.may_reach_mediator(complaint, on=date(2027, 11, 24))


def test_an_answer_is_not_contested_after_a_year():
    contract = ContractFactory()
    complaint = write(contract)
    services.answer_complaint(complaint=complaint, answer="Non.", now=NOW, by=manager_of(contract))

    with pytest.raises(errors.NotContestable):
        services.contest_answer(complaint=complaint, now=NOW + timedelta(days=366))


@pytest.mark.parametrize(
    ("on", "reachable"),
    [
        (date(2026, 12, 2), False),  # the last day to answer
        (date(2026, 12, 3), True),
        (date(2027, 11, 2), True),  # the last day of the year
        (date(2027, 11, 3), False),
    ],
)
def test_silence_opens_the_way_after_the_month_and_within_the_year(on, reachable):
    assert rules.may_reach_mediator(ComplaintFactory(), on=on) is reachable


def test_managers_are_reminded_at_each_step_once():
    complaint = ComplaintFactory()  # due on 2 December
    manager_of(complaint.contract)
    told = []
    for day in (24, 25, 26, 29, 30):
        for _ in range(2):
            services.remind_managers(now=datetime(2026, 11, day, 6, 10, tzinfo=UTC))
        told.append(Message.objects.count())
    services.remind_managers(now=datetime(2026, 12, 4, 6, 10, tzinfo=UTC))

    assert told == [0, 1, 1, 1, 2]
    assert Message.objects.count() == 3


def test_nobody_is_reminded_of_an_answered_complaint():
    complaint = ComplaintFactory()
    manager = manager_of(complaint.contract)
    services.answer_complaint(complaint=complaint, answer="Oui.", now=NOW, by=manager)

    assert services.remind_managers(now=datetime(2026, 12, 4, tzinfo=UTC)) == 0


def refused(statement, match):
    with (
        pytest.raises((DatabaseError, IntegrityError), match=match),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("change", "wall"),
    [
        ("received_at = '2100-01-01'", "facts_fixed"),
        ("answer_due_on = answer_due_on + 1", "facts_fixed"),
        ("mediator_until_on = mediator_until_on - 1", "facts_fixed"),
        ("topic = 'OTHER'", "facts_fixed"),
        ("text = 'autre chose'", "words_fixed"),
        ("text = ''", "complaint_written"),
        ("state = 'ANSWERED'", "complaint_answer_complete"),
        ("state = 'CONTESTED', contested_at = '2100-01-01'", "complaint_answer_complete"),
        ("contested_at = '2100-01-01'", "complaint_contest_complete"),
    ],
)
def test_the_database_keeps_a_complaint_whole(change, wall):
    ComplaintFactory()

    refused(f"UPDATE beneficiaries_complaint SET {change}", wall)


def test_a_complaint_is_never_deleted():
    ComplaintFactory()

    refused("DELETE FROM beneficiaries_complaint", "never_deleted")


def test_a_written_answer_never_changes():
    complaint = ComplaintFactory()
    services.answer_complaint(complaint=complaint, answer="Oui.", now=NOW, by=manager_of(complaint.contract))

    refused("UPDATE beneficiaries_complaint SET answer = 'Non.'", "words_fixed")


def test_erasure_empties_the_words_and_keeps_the_dates():
    complaint = ComplaintFactory()

    count = services.forget_complaints(complaints=Complaint.objects.all(), now=NOW)
    again = services.forget_complaints(complaints=Complaint.objects.all(), now=NOW)

    complaint.refresh_from_db()
    assert (count, again) == (1, 0)
    assert (complaint.text, complaint.full_name, complaint.email) == ("", "Personne effacée", "")
    assert complaint.answer_due_on == date(2026, 12, 2)


def test_an_erased_complaint_takes_no_word():
    """It was proposed to note what had been done: a name and a number could be written after the erasure."""
    complaint = ComplaintFactory()
    services.forget_complaints(complaints=Complaint.objects.all(), now=NOW)

    services.answer_complaint(
        complaint=complaint, answer="Zoé, 06 39 98 55 44", now=NOW, by=manager_of(complaint.contract)
    )

    complaint.refresh_from_db()
    assert (complaint.state, complaint.answer) == ("ANSWERED", "")


def test_an_erased_complaint_is_not_contested():
    complaint = ComplaintFactory()
    services.answer_complaint(complaint=complaint, answer="Oui.", now=NOW, by=manager_of(complaint.contract))
    services.forget_complaints(complaints=Complaint.objects.all(), now=NOW)

    with pytest.raises(errors.NotContestable):
        services.contest_answer(complaint=complaint, now=NOW)
