"""An act says what happened; the worker writes the words just before they leave (ADR 0048)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.messaging.enums import MessageChannel, MessageState, Withdrawn
from cep_portal.messaging.hooks import COMPOSERS, Composer
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import (
    About,
    Attachment,
    News,
    Words,
    check_morning,
    enqueue_news,
    forget_texts,
    send_due_messages,
    send_message,
)
from cep_portal.messaging.services.forgetting import forget_messages
from tests.factories.accounts import UserFactory
from tests.hooks import only
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NUMBER = "+33639980001"
FILE = Attachment("rendez-vous.ics", "text/calendar", "BEGIN:VCALENDAR")


class Writer:
    """A composer that says what it was asked, or does as told."""

    def __init__(self):
        self.letters = []
        self.says = Words("Bonjour", "Objet", FILE)
        self.does = None

    def __call__(self, letter):
        self.letters.append(letter)
        if self.does:
            self.does()
        return self.says


@pytest.fixture
def writer(monkeypatch):
    writer = Writer()
    only(monkeypatch, COMPOSERS, Composer("essai", writer))
    return writer


def tell(**changed):
    facts = {"key": "acte:1", "recipient": "camille@exemple.example", "now": NOW}
    return enqueue_news(**(facts | {"news": News("essai", uuid4(), {"n": 1})} | changed))


def sent(message, *, now=NOW):
    send_message(message_id=message.pk, now=now)
    message.refresh_from_db()
    return message


def test_an_act_writes_no_word_and_the_worker_writes_them_all(writer):
    message = tell()
    assert (message.subject, message.body, message.attachment) == ("", "", "")
    assert writer.letters == []

    sent(message)

    (letter,) = writer.letters
    assert (letter.news.name, letter.news.uuid, letter.news.facts) == ("essai", message.news_uuid, {"n": 1})
    assert (letter.recipient, letter.channel, letter.written_at) == (
        "camille@exemple.example",
        MessageChannel.EMAIL,
        NOW,
    )
    assert (message.state, message.subject, message.body) == (MessageState.SENT, "Objet", "Bonjour")
    assert message.attachment == FILE.text
    assert [(email_message.subject, email_message.body) for email_message in mail.outbox] == [
        ("Objet", "Bonjour")
    ]


def test_words_of_an_sms_are_a_text_alone_in_its_alphabet(writer):
    writer.says = Words("L’être", "Objet", FILE)

    message = sent(tell(channel=MessageChannel.SMS, recipient="06 39 98 00 01"))

    assert (message.state, message.recipient) == (MessageState.SENT, NUMBER)
    assert (message.subject, message.body, message.attachment_name) == ("", "L'etre", "")


def test_words_that_no_sms_can_say_fail_alone_and_for_good(writer):
    writer.says = Words("a" * 161)

    message = sent(tell(channel=MessageChannel.SMS, recipient=NUMBER))

    assert (message.state, message.last_error) == (MessageState.FAILED, "this text needs two SMS")


def test_subject_that_no_row_holds_fails_alone_and_for_good(writer):
    writer.says = Words("Bonjour", "O" * 201)

    message = sent(tell())

    assert (message.state, message.last_error, message.body) == (MessageState.FAILED, "subject: too long", "")


@pytest.mark.parametrize(
    "wrong",
    [{"news": News("inconnu", uuid4())}, {"channel": MessageChannel.SMS, "recipient": "02 61 91 00 00"}],
    ids=["news that nobody writes", "landline"],
)
def test_what_cannot_be_written_is_refused_in_the_act(writer, wrong):
    with pytest.raises(ValueError, match=r"nobody|no SMS"):
        tell(**wrong)


def test_same_act_writes_once(writer):
    assert tell() == tell(news=News("essai", uuid4()))
    assert Message.objects.count() == 1


def test_words_once_written_are_those_of_every_try(writer, settings):
    settings.MAILERS = {"default": {"BACKEND": "tests.messaging.test_services.BrokenServer"}}
    message = tell(recipient="camille@exemple.example")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.messaging.test_services.BrokenServer.failure", OSError("no server"))
        sent(message)
    assert (message.state, message.body) == (MessageState.DUE, "Bonjour")
    writer.says = Words("Autre chose")

    sent(message)

    assert (message.state, message.body, len(writer.letters)) == (MessageState.SENT, "Bonjour", 1)


def test_thing_that_is_gone_withdraws_the_message(writer):
    writer.says = None

    message = sent(tell())

    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NOTHING_LEFT)
    assert mail.outbox == []
    assert send_due_messages(now=NOW + MINUTE) == 0


def test_what_is_no_longer_true_is_not_even_written(writer, facts):
    message = sent(tell(about=About("essai", uuid4())))

    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert writer.letters == []


def test_act_that_comes_while_the_words_are_written_withdraws_them(writer, facts):
    """Words of two states would say neither."""
    thing = uuid4()
    facts[thing] = 3
    writer.does = lambda: facts.update({thing: 4})

    message = sent(tell(about=About("essai", thing, 3)))

    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert (message.body, mail.outbox) == ("", [])


def breaks():
    raise KeyError("Camille Durand")


def refused_by_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.parametrize("failure", [breaks, refused_by_the_database])
def test_composer_that_fails_is_tried_again_and_names_nobody(writer, caplog, failure):
    message = tell()
    writer.does = failure
    pauses = [(sent(message).retry_at - NOW) / MINUTE for _turn in range(3)]

    assert pauses == [0.5, 1, 2]
    assert (message.state, message.attempts) == (MessageState.DUE, 3)
    assert message.last_error in ("essai: KeyError", "essai: DataError")
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 3

    writer.does = None
    assert (sent(message).state, message.last_error) == (MessageState.SENT, "")


@pytest.mark.parametrize("body", ["", " \n"])
def test_composer_without_a_word_sends_nothing(writer, body):
    writer.says = Words(body, "Objet")

    message = sent(tell())

    assert (message.state, message.last_error, mail.outbox) == (MessageState.DUE, "essai: not a word", [])


def test_older_worker_that_knows_no_composer_leaves_it_to_another(writer, monkeypatch):
    message = tell()
    only(monkeypatch, COMPOSERS)

    assert (sent(message).state, message.last_error) == (MessageState.DUE, "essai: LookupError")


def test_one_composer_that_fails_holds_nobody_up_and_is_told_the_next_morning(writer, monkeypatch):
    def broken(_letter):
        raise RuntimeError

    COMPOSERS.add(Composer("casse", broken))
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    bad, good = tell(news=News("casse", uuid4())), tell(key="acte:2", lifetime=10 * DAY)
    for message in (bad, good):
        sent(message)
    assert (bad.state, good.state) == (MessageState.DUE, MessageState.SENT)

    over = NOW + 3 * DAY
    sent(bad, now=over)
    check_morning(now=over.replace(hour=8) - 2 * DAY)

    assert bad.state == MessageState.EXPIRED
    alarm = Message.objects.get(key__startswith="messaging.alarm:")
    assert alarm.recipient == administrator.email
    assert "1 périmés ou encore en attente" in alarm.body


def test_person_erased_between_the_act_and_its_words_hears_nothing(writer):
    message = tell(person_key="personne")

    forget_messages(person_key="personne", recipients=["camille@exemple.example"])
    sent(message)

    assert (message.state, message.facts, message.recipient) == (
        MessageState.CANCELLED,
        {},
        "personne@efface.invalid",
    )
    assert (writer.letters, mail.outbox) == ([], [])


def test_facts_go_with_the_texts(writer):
    sent(tell())
    Message.objects.filter(pk=tell(key="acte:2").pk).update(state=MessageState.CANCELLED)

    assert forget_texts(now=NOW + 30 * DAY) == 2
    assert list(Message.objects.values_list("body", "facts")) == [("", {})] * 2
    assert forget_texts(now=NOW + 31 * DAY) == 0


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"body": ""}, "message_due_has_words"),
        ({"news": "essai"}, "message_news_is_whole"),
        ({"news_uuid": uuid4()}, "message_news_is_whole"),
    ],
)
def test_database_refuses_a_message_with_nothing_to_say(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageFactory(**wrong)


def test_waiting_message_is_shown_as_it_would_be_written_now(client, settings, writer):
    settings.PORTAL_DEMONSTRATION = True
    message = tell()

    page = client.get(reverse("messaging:demonstration_detail", args=[message.uuid]))
    file = client.get(reverse("messaging:demonstration_attachment", args=[message.uuid]))

    assert [text in page.content.decode() for text in ("<h1>Objet</h1>", "Bonjour")] == [True, True]
    assert file.content.decode() == FILE.text
    message.refresh_from_db()
    assert (message.body, message.attempts) == ("", 0)


@pytest.mark.parametrize("state", [MessageState.DUE, MessageState.EXPIRED])
def test_message_whose_words_do_not_exist_says_so(client, settings, writer, state):
    settings.PORTAL_DEMONSTRATION = True
    writer.does = breaks
    message = tell()
    Message.objects.filter(pk=message.pk).update(state=state)

    page = client.get(reverse("messaging:demonstration_detail", args=[message.uuid])).content.decode()

    assert "Un texte est écrit juste avant l’envoi" in page
    assert "<h1>Courriel</h1>" in page


def test_list_names_what_has_no_words_yet_by_its_channel(client, settings, writer):
    settings.PORTAL_DEMONSTRATION = True
    message = tell()

    page = client.get(reverse("messaging:demonstration_list")).content.decode()

    link = reverse("messaging:demonstration_detail", args=[message.uuid])
    assert f'<a href="{link}">Courriel</a>' in page
    assert writer.letters == []
