"""The morning check: due, sent, delivered, and what was never written; an alarm the same morning."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cep_portal.accounts.enums import Role
from cep_portal.messaging.enums import MessageChannel, MessageKind, MessageState, Withdrawn
from cep_portal.messaging.hooks import OWED, Owed
from cep_portal.messaging.models import DeliveryDay, Message
from cep_portal.messaging.rules import problems
from cep_portal.messaging.services import check_morning
from tests.factories.accounts import UserFactory
from tests.hooks import only
from tests.messaging.factories import MessageFactory

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 1, 13, 6, 30, tzinfo=UTC)  # 7:30 in Paris
YESTERDAY = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
SMS = {"channel": MessageChannel.SMS, "subject": "", "recipient": "+33639980001"}
HOURS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def missing(monkeypatch):
    """How many reminders by SMS the agenda says were never written."""
    told = {"SMS": 0}
    only(monkeypatch, OWED, Owed("REMINDER", lambda _window: told))
    return told


def reminders(count, **changed):
    facts = {"kind": MessageKind.REMINDER, "due_at": YESTERDAY, "expires_at": YESTERDAY + HOURS}
    return MessageFactory.create_batch(count, **(facts | SMS | changed))


def sent(count, **changed):
    return reminders(count, state=MessageState.SENT, sent_at=YESTERDAY, **changed)


def alarms() -> list[tuple[str, str]]:
    messages = Message.objects.filter(key__startswith="messaging.alarm:").order_by("recipient")
    return [(message.recipient, message.body) for message in messages]


def test_each_fate_is_counted_once():
    sent(4, delivered_at=YESTERDAY)
    sent(1, bounced_at=YESTERDAY)
    sent(2)
    reminders(1, state=MessageState.FAILED)
    reminders(1, state=MessageState.EXPIRED)
    reminders(1)
    reminders(1, state=MessageState.CANCELLED, withdrawn=Withdrawn.CAPPED)
    reminders(3, state=MessageState.CANCELLED, withdrawn=Withdrawn.NO_LONGER_TRUE)
    reminders(2, due_at=MORNING - HOURS / 4, expires_at=MORNING + HOURS)  # after 7:00: tomorrow's

    check_morning(now=MORNING)

    (line,) = DeliveryDay.objects.all()
    assert (line.day, line.kind, line.channel) == (date(2026, 1, 13), "REMINDER", "SMS")
    counts = (line.due, line.sent, line.delivered, line.bounced, line.failed, line.missed, line.capped)
    assert counts == (11, 7, 4, 1, 1, 2, 1)


def test_quiet_morning_writes_its_line_and_no_alarm():
    UserFactory(role=Role.ADMINISTRATOR)
    sent(3)

    assert check_morning(now=MORNING) == []

    assert alarms() == []
    assert DeliveryDay.objects.get().sent == 3


def test_workers_stuck_are_known_the_same_morning_pec_20220523(missing):
    """Three days without a worker: nothing was written, so counting rows alone would see nothing."""
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    UserFactory(role=Role.ANALYST)
    missing["SMS"] = 12

    assert check_morning(now=MORNING) == ["rappel, SMS : 12 jamais écrits."]

    ((recipient, body),) = alarms()
    assert recipient == administrator.email
    assert "- rappel, SMS : 12 jamais écrits." in body
    assert "http://testserver/pilotage/messages/controle/" in body


def test_subjects_that_owe_the_same_kind_are_added(missing):
    missing["SMS"] = 2
    OWED.add(Owed("REMINDER", lambda _window: {"SMS": 3, "EMAIL": 1}))

    check_morning(now=MORNING)

    lines = DeliveryDay.objects.order_by("channel").values_list("channel", "missing", "due")
    assert list(lines) == [("EMAIL", 1, 0), ("SMS", 5, 0)]


def test_same_subject_is_asked_once():
    (ask,) = OWED

    with pytest.raises(ValueError, match="twice"):
        OWED.add(ask)


def test_reminders_expired_in_an_outage_are_told_not_sent_rdv_sp_4351():
    UserFactory(role=Role.ADMINISTRATOR)
    reminders(2, state=MessageState.EXPIRED)

    assert check_morning(now=MORNING) == ["rappel, SMS : 2 périmés ou encore en attente, sur 2 dus."]


def test_check_run_twice_writes_and_tells_once(missing):
    UserFactory(role=Role.ADMINISTRATOR)
    missing["SMS"] = 1
    check_morning(now=MORNING)
    missing["SMS"] = 5

    check_morning(now=MORNING + HOURS)

    assert [line.missing for line in DeliveryDay.objects.all()] == [1]
    assert len(alarms()) == 1


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"due": 100, "sent": 95, "delivered": 95, "failed": 5}, []),
        (
            {"due": 100, "sent": 94, "delivered": 1, "failed": 6},
            ["rappel, SMS : 6 en échec ou refusés, sur 100 dus."],
        ),
        ({"due": 1000, "sent": 950, "delivered": 1, "failed": 50}, []),
        ({"due": 20, "sent": 20}, ["rappel, SMS : aucune remise confirmée, sur 20 partis."]),
        ({"due": 19, "sent": 19}, []),
        ({"due": 20, "sent": 20, "delivered": 1}, []),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(settings, facts, said):
    settings.PORTAL_DELIVERY_SECRETS = {"essai": "secret"}

    assert problems([DeliveryDay(kind="REMINDER", channel="SMS", **facts)]) == said


def test_silent_carrier_is_no_alarm_when_it_never_tells():
    assert problems([DeliveryDay(kind="REMINDER", channel="SMS", due=20, sent=20)]) == []


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ("sent = 2", "delivery_day_adds_up"),
        ("delivered = 1", "delivery_day_outcomes_of_sent"),
        ("due = 1", "delivery_day_adds_up"),
    ],
)
def test_database_refuses_lines_that_do_not_add_up(wrong, constraint):
    DeliveryDay.objects.create(day=MORNING.date(), kind="REMINDER", channel="SMS")

    refused = pytest.raises(IntegrityError, match=constraint)
    with connection.cursor() as cursor, refused, transaction.atomic():
        cursor.execute(f"UPDATE messaging_deliveryday SET {wrong}")


@pytest.mark.parametrize("days", [1, 4])
def test_series_page_query_count_is_constant(client, django_assert_num_queries, days, clock):
    clock.move_to(MORNING)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    for n in range(days):
        DeliveryDay.objects.create(day=MORNING.date() - timedelta(days=n), kind="REMINDER", channel="SMS")

    with django_assert_num_queries(4):  # session, user, mandates, lines
        response = client.get(reverse("messaging:delivery_days"))

    assert [day for day, _ in response.context["mornings"]] == [
        MORNING.date() - timedelta(days=n) for n in range(days)
    ]


def test_series_page_does_not_invent_deliveries(client, clock):
    clock.move_to(MORNING)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    facts = {"day": MORNING.date(), "channel": "SMS", "due": 9, "sent": 9}
    DeliveryDay.objects.create(kind="REMINDER", **facts)
    DeliveryDay.objects.create(kind="ALERT", delivered=8, **facts)

    page = client.get(reverse("messaging:delivery_days")).content.decode()
    assert len(re.findall(r'<td class="num"[^>]*>—</td>', page)) == 2
    assert len(re.findall(r'<td class="num"[^>]*>8</td>', page)) == 1


def test_series_page_before_the_first_check(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))

    assert "Aucun contrôle encore" in client.get(reverse("messaging:delivery_days")).content.decode()


def test_problem_of_the_morning_is_on_the_outbox_page(client):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    DeliveryDay.objects.create(day=MORNING.date(), kind="REMINDER", channel="SMS", missing=2)

    page = client.get(reverse("messaging:message_list")).content.decode()
    assert "rappel, SMS : 2 jamais écrits." in page


@pytest.mark.parametrize(
    ("minutes_late", "checked_on", "answer"),
    [
        (0, None, (200, "ok")),
        (9, date(2026, 1, 13), (200, "ok")),
        (10, date(2026, 1, 13), (503, "late")),
        (0, date(2026, 1, 13), (200, "ok")),
        (0, date(2026, 1, 12), (503, "unchecked")),
    ],
)
def test_probe_sees_what_stuck_workers_cannot_tell(client, clock, minutes_late, checked_on, answer):
    """Asked at 9:00 in Paris; the check runs at 7:30."""
    now = MORNING + 1.5 * HOURS
    clock.move_to(now)
    MessageFactory(due_at=now - minutes_late * HOURS / 60, expires_at=now + HOURS)
    if checked_on:
        DeliveryDay.objects.create(day=checked_on, kind="REMINDER", channel="SMS")

    response = client.get(reverse("messaging:outbox_health"))

    assert (response.status_code, response.content.decode()) == answer


def test_probe_waits_for_the_check_of_the_morning(client, clock):
    clock.move_to(MORNING + HOURS / 4)
    DeliveryDay.objects.create(day=date(2026, 1, 12), kind="REMINDER", channel="SMS")

    assert client.get(reverse("messaging:outbox_health")).status_code == 200
