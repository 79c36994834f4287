"""Reminders: once, on time, true when they leave, and never late (lessons 39 to 44)."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.request.enums import ContactHours
from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import set_preferences
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState, Withdrawn
from cep_portal.messaging.hooks import Told, Window
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_due_messages, send_message
from operators.booking.agenda import services
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.notices import reminders
from operators.booking.agenda.rules import reminder_window
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.operators import AppointmentFactory, OpeningRuleFactory, SiteFactory
from tests.messages import compose_all, composed
from tests.operators.booking.agenda.clock import at

pytestmark = pytest.mark.django_db
MOBILE = "06 12 34 56 78"
MAIL_DUE, SMS_DUE = at("2026-11-28 10:00"), at("2026-11-29 10:00")  # for Monday the 30th, 9:00
MINUTE = timedelta(minutes=1)


def booked(*, phone=MOBILE, **changed):
    return AppointmentFactory(beneficiary=BeneficiaryFactory(phone=phone), **changed)


def choose(person, **changed):
    chosen = {
        "by_email": True,
        "by_sms": True,
        "discreet": True,
        "contact_hours": ContactHours.ANY,
        "reminders": True,
    }
    set_preferences(beneficiary=person, now=MAIL_DUE, by=None, **(chosen | changed))


def write(now) -> list[tuple[str, str]]:
    """What one sweep writes: channel and recipient."""
    before = set(Message.objects.values_list("pk", flat=True))
    reminders.write_due_reminders(now=now)
    new = Message.objects.exclude(pk__in=before).order_by("pk")
    assert {message.kind for message in new} <= {MessageKind.REMINDER}
    return [(message.channel, message.recipient) for message in new]


def test_what_was_written_of_another_version_is_no_longer_true():
    appointment = booked()
    told = Told(appointment.uuid, appointment.calendar_sequence, MAIL_DUE)

    assert reminders.is_coming(told)
    assert not reminders.is_coming(replace(told, version=told.version + 1))
    assert not reminders.is_coming(replace(told, now=appointment.starts_at))


def test_mail_comes_two_days_before_and_sms_the_day_before():
    person = booked().beneficiary

    assert write(MAIL_DUE - MINUTE) == []
    assert write(MAIL_DUE) == [(MessageChannel.EMAIL, person.email)]
    assert write(SMS_DUE - MINUTE) == []
    assert write(SMS_DUE) == [(MessageChannel.SMS, "+33612345678")]


def test_sweep_run_again_and_again_writes_once_cal_7225():
    booked()

    assert [len(write(MAIL_DUE + turn * MINUTE)) for turn in range(4)] == [1, 0, 0, 0]


@pytest.mark.dated
def test_reminder_is_neutral_and_says_how_to_change():
    appointment = booked()
    write(MAIL_DUE)
    write(SMS_DUE)

    compose_all()
    by_mail, by_sms = Message.objects.order_by("pk")
    assert by_mail.subject == "Votre rendez-vous du 30 novembre"
    assert "/rendez-vous/" in by_mail.body
    assert "lundi 30 novembre 2026 à 9\xa0h" in by_mail.body
    assert by_sms.body == "Rappel : rendez-vous lun. 30 nov. à 9 h, sur place. Un imprévu ? 02 61 91 00 00"
    for text in (by_mail.subject + by_mail.body, by_sms.body):
        assert "CEP" not in text
        assert "évolution" not in text
    assert appointment.site.name not in by_sms.body


def test_landline_gets_the_mail_only():
    booked(phone="02 61 91 00 01")

    assert [len(write(MAIL_DUE)), len(write(SMS_DUE))] == [1, 0]


def test_who_wants_none_gets_none():
    choose(booked().beneficiary, reminders=False)

    assert [write(MAIL_DUE), write(SMS_DUE)] == [[], []]


def test_who_reads_sms_only_gets_no_mail():
    choose(booked().beneficiary, by_email=False)

    assert [len(write(MAIL_DUE)), len(write(SMS_DUE))] == [0, 1]


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        (ContactHours.BEFORE_9, "2026-11-29 07:30"),
        (ContactHours.LUNCH, "2026-11-29 12:00"),
        (ContactHours.AFTER_18, "2026-11-29 18:00"),
    ],
)
def test_sms_rings_at_the_hour_the_person_chose(hours, due):
    choose(booked().beneficiary, contact_hours=hours, by_email=False)

    assert write(at(due) - MINUTE) == []
    assert len(write(at(due))) == 1


@pytest.mark.parametrize(
    ("booked_at", "count"), [("2026-11-27 23:59", 1), ("2026-11-28 00:00", 0), ("2026-11-28 09:00", 0)]
)
def test_booking_inside_the_delay_has_only_its_confirmation(booked_at, count):
    booked(booked_at=at(booked_at))

    assert len(write(MAIL_DUE)) == count


def test_reminder_follows_the_clock_of_the_site():
    site = SiteFactory(reunion=True)
    booked(adviser__site=site, starts_at=at("2026-11-30 09:00", site.zone))

    due = at("2026-11-28 10:00", site.zone)
    assert write(due - MINUTE) == []
    assert len(write(due)) == 1
    assert "à 9\xa0h (heure de La Réunion)" in composed(Message.objects.get()).body


@given(
    instant=st.datetimes(timezones=st.just(ZoneInfo("UTC"))),
    zone=st.sampled_from(["Europe/Paris", "America/Miquelon", "America/Cayenne", "Indian/Reunion"]),
    channel=st.sampled_from(MessageChannel.values),
    hours=st.sampled_from(ContactHours.values),
)
def test_window_always_closes_before_the_appointment_rdv_sp_4351(instant, zone, channel, hours):
    instant = instant.replace(year=2026 + instant.year % 4, day=min(instant.day, 28))

    opens, closes = reminder_window(instant, zone, channel=channel, hours=hours)

    assert opens < closes <= instant
    assert opens.astimezone(ZoneInfo(zone)).hour in (7, 10, 12, 18)


def test_sms_after_the_outage_is_not_sent_late_rdv_sp_4351():
    """The provider comes back at night: the text is expired, counted, and nobody's phone rings."""
    booked()
    write(SMS_DUE)

    send_due_messages(now=at("2026-11-29 20:00"))

    assert Message.objects.get().state == MessageState.EXPIRED


def test_workers_stuck_for_days_send_nothing_late_and_the_loss_is_counted_pec_20220523():
    booked()
    back = at("2026-11-30 07:30")

    assert write(back) == []
    assert reminders.missing_reminders(Window(at("2026-11-29 07:30"), back)) == {"EMAIL": 1, "SMS": 1}


def test_nothing_is_missing_when_all_was_written():
    booked()
    write(MAIL_DUE)
    write(SMS_DUE)

    missing = reminders.missing_reminders(Window(at("2026-11-28 07:30"), at("2026-11-30 07:30")))
    assert missing == {"EMAIL": 0, "SMS": 0}


def test_no_reminder_after_a_cancellation_rdv_sp_2137():
    appointment = booked()
    write(SMS_DUE)

    services.cancel_appointment(appointment=appointment, by=CancelledBy.PERSON, now=SMS_DUE)
    message = Message.objects.get(kind=MessageKind.REMINDER)
    send_message(message_id=message.pk, now=SMS_DUE + MINUTE)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert mail.outbox == []
    assert write(SMS_DUE + 2 * MINUTE) == []


def test_no_reminder_of_the_former_hour_after_a_move_rdv_sp_3345():
    rule = OpeningRuleFactory()
    appointment = booked(adviser=rule.adviser)
    write(MAIL_DUE)

    services.move_appointment(
        appointment=appointment,
        site=rule.site,
        starts_at=at("2026-12-07 09:00"),
        level="ONE",
        mode="PHONE",
        now=MAIL_DUE,
    )
    message = Message.objects.get(kind=MessageKind.REMINDER)
    send_message(message_id=message.pk, now=MAIL_DUE + MINUTE)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert write(MAIL_DUE + 2 * MINUTE) == []
    assert len(write(at("2026-12-05 10:00"))) == 1


def test_one_person_s_failure_holds_nobody_up_rdv_sp_pr_3074(caplog):
    """1,000 people behind one message that cannot be written all get theirs (here: four behind one)."""
    first, *others = [booked(starts_at=at("2026-11-30 09:00") + step * 15 * MINUTE) for step in range(5)]
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE messaging_message ADD CONSTRAINT refused CHECK (recipient <> %s)",
            [first.beneficiary.email],
        )

    assert write(MAIL_DUE) == [(MessageChannel.EMAIL, other.beneficiary.email) for other in others]
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def freeze(person) -> None:
    Beneficiary.objects.filter(pk=person.pk).update(restricted_at=MAIL_DUE)


def test_frozen_file_is_owed_no_reminder():
    """RGPD, article 18: kept, not used. Freezing cancels what comes; were a booking left, nothing leaves."""
    freeze(booked().beneficiary)

    assert [write(MAIL_DUE), write(SMS_DUE)] == [[], []]
    missing = reminders.missing_reminders(Window(MAIL_DUE, at("2026-11-30 07:30")))
    assert missing == {"EMAIL": 0, "SMS": 0}


def test_reminder_written_before_the_file_was_frozen_does_not_leave():
    person = booked().beneficiary
    write(MAIL_DUE)
    freeze(person)

    message = Message.objects.get()
    send_message(message_id=message.pk, now=MAIL_DUE + MINUTE)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert mail.outbox == []


@pytest.mark.parametrize("count", [1, 4])
def test_looking_for_reminders_costs_two_queries(django_assert_num_queries, count):
    for step in range(count):
        booked(starts_at=at("2026-11-30 09:00") + step * 15 * MINUTE)

    with django_assert_num_queries(1):
        assert reminders.write_due_reminders(now=MAIL_DUE - MINUTE) == 0
    reminders.write_due_reminders(now=MAIL_DUE)
    with django_assert_num_queries(2):  # appointments, reminders already written
        assert reminders.write_due_reminders(now=MAIL_DUE + MINUTE) == 0
