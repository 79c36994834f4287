"""SMS beside e-mail: who can receive one, what fits in one, what the database refuses."""

from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from cep_portal.messaging.enums import MessageChannel, MessageState
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import enqueue_sms, send_message
from tests.messaging.factories import NOW, MessageFactory

pytestmark = pytest.mark.django_db
SMS = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001"}


def sms(**changed):
    facts = {"key": "rappel:1", "number": "06 39 98 00 01", "text": "Rendez-vous à 9 h", "now": NOW}
    return enqueue_sms(**(facts | changed))


def test_sms_is_carried_once_and_no_mail_leaves(settings, tmp_path):
    settings.PORTAL_SMS = settings.PORTAL_SMS | {"OPTIONS": {"folder": str(tmp_path)}}
    message = sms(number="06 12 34 56 78")

    for _turn in range(2):
        send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.sent_at) == (MessageState.SENT, NOW)
    files = [Path(name).read_text() for name in sorted(tmp_path.iterdir())]
    assert files == ["+33612345678\nRendez-vous à 9 h\n"]
    assert mail.outbox == []


def test_landline_is_refused_at_writing_rdvi_561():
    with pytest.raises(ValueError, match="no SMS reaches"):
        sms(number="02 61 91 00 00")


def test_two_part_text_is_refused_at_writing_rdv_sp_pr_4846():
    with pytest.raises(ValueError, match="two SMS"):
        sms(text="a" * 161)


def test_text_outside_the_alphabet_is_refused_at_writing():
    with pytest.raises(ValueError, match="no place"):
        sms(text="Rendez-vous 🙂")


def test_accents_that_an_sms_lacks_are_said_without():
    assert sms(text="L’être « fidèle » à 9\u202fh").body == 'L\'etre "fidèle" à 9 h'


def test_sms_waits_when_no_provider_is_set(settings):
    message = sms(number="0612345678")
    settings.PORTAL_SMS = {}

    send_message(message_id=message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.state, message.last_error) == (MessageState.DUE, "no SMS provider is set")


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"recipient": "+33612345678"}, "message_recipient_fits_channel"),  # an e-mail to a number
        ({**SMS, "recipient": "0612345678"}, "message_recipient_fits_channel"),
        ({**SMS, "recipient": "camille@exemple.example"}, "message_recipient_fits_channel"),
        ({**SMS, "subject": "Objet"}, "message_sms_is_bare"),
        ({**SMS, "attachment_name": "rdv.ics"}, "message_sms_is_bare"),
        ({"channel": "FAX"}, "message_recipient_fits_channel"),
        ({"about_kind": "essai"}, "message_about_is_whole"),
        ({"withdrawn": "CAPPED"}, "message_withdrawn_has_reason"),
    ],
)
def test_database_refuses_what_a_channel_cannot_carry(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MessageFactory(**wrong)


def test_raw_sql_cannot_send_an_email_to_a_number():
    message = MessageFactory()

    refused = pytest.raises(IntegrityError, match="message_recipient_fits_channel")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("UPDATE messaging_message SET channel = 'SMS' WHERE id = %s", [message.pk])

    assert Message.objects.get().channel == MessageChannel.EMAIL
