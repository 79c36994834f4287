"""How a person is written to: choices, defaults, and one call for both channels."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.request.enums import ContactHours
from beneficiaries.request.errors import NoMobile, NoWayToWrite
from beneficiaries.request.models import ContactPreferences
from beneficiaries.request.services.contact import (
    ContactChoices,
    contact_choices,
    set_preferences,
    tell_person,
)
from cep_portal.accounts.models import AuditEvent
from cep_portal.messaging.enums import MessageKind
from cep_portal.messaging.services import News
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.messaging.factories import NOW

pytestmark = pytest.mark.django_db
MOBILE, LANDLINE = "06 39 98 00 01", "02 61 91 00 00"
NUMBER = "+33639980001"
CHOICES = {
    "by_email": True,
    "by_sms": False,
    "discreet": True,
    "contact_hours": ContactHours.LUNCH,
    "reminders": True,
}


def choose(person, **changed):
    return set_preferences(beneficiary=person, now=NOW, by=None, **(CHOICES | changed))


def write(person, **changed):
    facts = {
        "key": "offre:1",
        "kind": MessageKind.OFFER,
        "news": News("appointment.booked", uuid4()),
        "with_sms": True,
        "now": NOW,
    }
    sent = tell_person(beneficiary=person, **(facts | changed))
    return [(message.key, message.channel, message.recipient) for message in sent]


@pytest.mark.parametrize(("phone", "mobile"), [("", ""), (LANDLINE, ""), (MOBILE, NUMBER)])
def test_defaults_are_discreet_and_sms_needs_a_mobile(phone, mobile):
    person = BeneficiaryFactory(phone=phone)

    assert contact_choices(person) == ContactChoices(
        by_email=True,
        by_sms=bool(mobile),
        discreet=True,
        contact_hours=ContactHours.ANY,
        reminders=True,
        mobile=mobile,
    )


def test_choices_are_kept_and_told_to_the_journal_without_a_name():
    person = BeneficiaryFactory(phone=MOBILE)

    choose(person, by_email=False, by_sms=True)
    choose(person, by_sms=True, reminders=False)

    kept = contact_choices(person)
    assert (kept.by_email, kept.by_sms, kept.reminders, kept.contact_hours) == (True, True, False, "LUNCH")
    lines = AuditEvent.objects.filter(action="beneficiaries.contact.chosen")
    assert [(line.target_id, line.data) for line in lines] == [(person.pk, {})] * 2


def test_sms_to_a_landline_is_refused():
    with pytest.raises(NoMobile):
        choose(BeneficiaryFactory(phone=LANDLINE), by_sms=True)


def test_silence_is_refused_by_service_and_database():
    person = BeneficiaryFactory(phone=MOBILE)
    with pytest.raises(NoWayToWrite):
        choose(person, by_email=False)
    choose(person)

    refused = pytest.raises(IntegrityError, match="contact_some_way")
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute("UPDATE beneficiaries_contactpreferences SET by_email = false, by_sms = false")

    assert ContactPreferences.objects.get().by_email is True


def test_both_channels_share_one_key_base_and_write_once():
    person = BeneficiaryFactory(phone=MOBILE, email="camille@exemple.example")

    first, again = write(person), write(person)

    assert first == again
    assert first == [
        ("offre:1", "EMAIL", "camille@exemple.example"),
        ("offre:1:sms", "SMS", NUMBER),
    ]


@pytest.mark.parametrize(
    ("phone", "chosen", "channels"),
    [
        (LANDLINE, {}, ["EMAIL"]),
        (MOBILE, {"by_sms": True, "by_email": False}, ["SMS"]),
        (MOBILE, {"by_sms": False}, ["EMAIL"]),
    ],
)
def test_only_chosen_channels_are_used(phone, chosen, channels):
    person = BeneficiaryFactory(phone=phone)
    if chosen:
        choose(person, **chosen)

    assert [channel for _, channel, _ in write(person)] == channels


def test_nobody_is_left_unreached():
    """Without a text, a mobile or a provider, the e-mail is used even when SMS was chosen."""
    person = BeneficiaryFactory(phone=MOBILE)
    choose(person, by_sms=True, by_email=False)

    assert [channel for _, channel, _ in write(person, with_sms=False)] == ["EMAIL"]


def test_portal_without_provider_writes_no_sms(settings):
    settings.PORTAL_SMS = {}

    assert [channel for _, channel, _ in write(BeneficiaryFactory(phone=MOBILE))] == ["EMAIL"]


def test_reminder_is_not_sent_to_who_wants_none():
    person = BeneficiaryFactory(phone=MOBILE)
    choose(person, reminders=False)

    assert write(person, kind=MessageKind.REMINDER) == []
    assert len(write(person, kind=MessageKind.ALERT)) == 1
