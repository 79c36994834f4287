"""A meeting is reminded as an appointment is: once, on time, and true when it leaves."""

from datetime import timedelta

import pytest
from django.core import mail

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.services.contact import set_preferences
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState, Withdrawn
from cep_portal.messaging.hooks import Window, never_written
from cep_portal.messaging.models import Message
from cep_portal.messaging.services import send_message
from operators.booking.agenda.enums import CancelledBy
from operators.booking.groups.notices import reminders
from operators.booking.groups.services import cancel_group_session, cancel_place
from operators.booking.groups.tasks import write_group_reminders
from tests.factories.beneficiaries import BeneficiaryFactory
from tests.factories.groups import GroupPlaceFactory, GroupSessionFactory
from tests.factories.operators import SiteFactory
from tests.messages import compose_all, composed
from tests.operators.booking.agenda.clock import at

pytestmark = pytest.mark.django_db
MAIL_DUE, SMS_DUE = at("2026-11-28 10:00"), at("2026-11-29 10:00")  # for Monday the 30th, 9:00
MINUTE = timedelta(minutes=1)


def place(*, phone="06 12 34 56 78", **changed):
    return GroupPlaceFactory(beneficiary=BeneficiaryFactory(phone=phone), **changed)


def write(now) -> list[tuple[str, str]]:
    """What one sweep writes: channel and recipient."""
    before = set(Message.objects.values_list("pk", flat=True))
    count = reminders.write_due_reminders(now=now)
    new = list(Message.objects.exclude(pk__in=before).order_by("pk"))
    assert [message.kind for message in new] == [MessageKind.REMINDER] * count
    return [(message.channel, message.recipient) for message in new]


def test_mail_comes_two_days_before_and_sms_the_day_before_each_once():
    person = place().beneficiary

    assert write(MAIL_DUE - MINUTE) == []
    assert write(MAIL_DUE) == [(MessageChannel.EMAIL, person.email)]
    assert write(MAIL_DUE + MINUTE) == []
    assert write(SMS_DUE - MINUTE) == []
    assert write(SMS_DUE) == [(MessageChannel.SMS, "+33612345678")]
    assert write(SMS_DUE + MINUTE) == []


def test_each_person_of_a_meeting_is_reminded():
    session = GroupSessionFactory()
    people = [place(session=session).beneficiary for _ in range(3)]

    assert write(MAIL_DUE) == [(MessageChannel.EMAIL, person.email) for person in people]


def test_reminder_is_neutral_and_says_how_to_give_the_place_back():
    kept = place()
    write(MAIL_DUE)
    write(SMS_DUE)

    compose_all()
    by_mail, by_sms = Message.objects.order_by("pk")
    site = kept.session.site
    assert by_mail.subject == "Votre rendez-vous du 30 novembre"
    assert "lundi 30 novembre 2026 à 9\xa0h" in by_mail.body
    assert f"Lieu : {site.name}, {site.full_address}" in by_mail.body
    assert "/reunions/place/" in by_mail.body
    assert by_sms.body == "Rappel : rendez-vous lun. 30 nov. à 9 h, sur place. Un imprévu ? 02 61 91 00 00"


def test_reminder_by_video_gives_the_link():
    room = "https://visio.exemple.example/salle"
    place(session=GroupSessionFactory(mode="VIDEO", video_url=room))
    write(MAIL_DUE)

    body = composed(Message.objects.get()).body
    assert f"Lien de la visio : {room}" in body
    assert "Lieu :" not in body


def test_meeting_follows_the_clock_of_its_site():
    site = SiteFactory(reunion=True)
    place(session=GroupSessionFactory(adviser__site=site, starts_at=at("2026-11-30 09:00", site.zone)))

    due = at("2026-11-28 10:00", site.zone)
    assert (write(due - MINUTE), len(write(due))) == ([], 1)


def test_who_joins_on_the_day_of_a_reminder_has_the_confirmation_only():
    place(booked_at=at("2026-11-28 00:00"))

    assert write(MAIL_DUE) == []


def test_who_wants_none_gets_none():
    set_preferences(
        beneficiary=place().beneficiary,
        by_email=True,
        by_sms=True,
        discreet=True,
        contact_hours="ANY",
        reminders=False,
        now=MAIL_DUE,
        by=None,
    )

    assert [write(MAIL_DUE), write(SMS_DUE)] == [[], []]


def give_back(kept):
    cancel_place(place=kept, by=CancelledBy.PERSON, now=MAIL_DUE)


def cancel_meeting(kept):
    cancel_group_session(session=kept.session, by=kept.session.adviser.user, now=MAIL_DUE)


def freeze(kept):
    Beneficiary.objects.filter(pk=kept.beneficiary_id).update(restricted_at=MAIL_DUE)


@pytest.mark.parametrize("act", [give_back, cancel_meeting, freeze])
def test_no_reminder_of_what_no_longer_stands_rdv_sp_2137(act):
    """Neither the one already written nor another; RGPD, article 18 for the frozen file."""
    kept = place()
    write(MAIL_DUE)

    act(kept)
    message = Message.objects.get(kind=MessageKind.REMINDER)
    send_message(message_id=message.pk, now=MAIL_DUE + MINUTE)

    message.refresh_from_db()
    assert (message.state, message.withdrawn) == (MessageState.CANCELLED, Withdrawn.NO_LONGER_TRUE)
    assert mail.outbox == []
    assert write(SMS_DUE) == []


def test_what_stuck_workers_never_wrote_is_counted_and_not_sent_late_pec_20220523():
    place()
    back = at("2026-11-30 07:30")

    assert write(back) == []
    lost = never_written(starts=at("2026-11-29 07:30"), ends=back)
    assert lost == {("REMINDER", "EMAIL"): 1, ("REMINDER", "SMS"): 1}


def test_nothing_is_missing_when_all_was_written():
    place()
    write(MAIL_DUE)
    write(SMS_DUE)

    missing = reminders.missing_reminders(Window(at("2026-11-28 07:30"), at("2026-11-30 07:30")))
    assert missing == {"EMAIL": 0, "SMS": 0}


def test_task_writes_what_is_due(clock):
    person = place().beneficiary
    clock.move_to(MAIL_DUE)

    write_group_reminders()

    assert list(Message.objects.values_list("recipient", flat=True)) == [person.email]


@pytest.mark.parametrize("count", [1, 4])
def test_looking_for_reminders_costs_two_queries(django_assert_num_queries, count):
    session = GroupSessionFactory()
    for _ in range(count):
        place(session=session)

    with django_assert_num_queries(1):
        assert reminders.write_due_reminders(now=MAIL_DUE - MINUTE) == 0
    assert reminders.write_due_reminders(now=MAIL_DUE) == count
    with django_assert_num_queries(2):  # places, reminders already written
        assert reminders.write_due_reminders(now=MAIL_DUE + MINUTE) == 0
