"""later(): sent after the commit, never when undone, and no broker that is away refuses an act."""

import logging

import pytest
from celery import Celery, current_app, shared_task
from django.db import transaction

from cep_portal.common import later as module
from cep_portal.common.later import later
from cep_portal.common.task_names import TaskName

ran = []


@shared_task(name="tests.later")
def done(*, number: int):
    if number < 0:
        raise ValueError("this task fails")
    ran.append(number)


@pytest.fixture(autouse=True)
def _nothing_ran():
    ran.clear()


@pytest.fixture
def sent(monkeypatch):
    """A broker in memory: what is sent to it, as (name, arguments)."""
    messages = []
    app = Celery("present", broker="memory://", set_as_current=False)
    monkeypatch.setattr(
        app, "send_task", lambda name, *, kwargs, retry_policy: messages.append((name, kwargs))
    )
    monkeypatch.setattr(module, "current_app", app)
    return messages


@pytest.mark.django_db(transaction=True)
def test_task_waits_for_the_commit(sent):
    with transaction.atomic():
        later(TaskName.SCAN_ATTACHMENT, attachment_id=4)
        before = list(sent)

    assert (before, sent) == ([], [("operators.scan_attachment", {"attachment_id": 4})])


@pytest.mark.django_db(transaction=True)
def test_act_undone_sends_nothing(sent):
    with transaction.atomic():
        later(TaskName.SCAN_ATTACHMENT, attachment_id=4)
        transaction.set_rollback(True)

    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_sent_at_once(sent):
    later(TaskName.RESET_PLACE)

    assert sent == [("training.reset_place", {})]


@pytest.mark.django_db(transaction=True)
def test_broker_away_stops_no_other_callback(broker_away, caplog):
    with caplog.at_level(logging.ERROR), transaction.atomic():
        later(TaskName.SCAN_ATTACHMENT, attachment_id=4)
        transaction.on_commit(lambda: ran.append("after"))

    assert ran == ["after"]
    assert "operators.scan_attachment" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_broker_away_outside_a_transaction_raises_nothing(broker_away):
    later(TaskName.SCAN_ATTACHMENT, attachment_id=4)


@pytest.mark.django_db(transaction=True)
def test_in_place_a_task_runs_and_its_failure_shows():
    assert current_app.conf.task_always_eager

    later("tests.later", number=1)
    with pytest.raises(ValueError, match="this task fails"), transaction.atomic():
        later("tests.later", number=-1)

    assert ran == [1]


def test_message_on_the_wire_names_the_task_and_its_keys(monkeypatch):
    """What a worker reads: the name as text, keyword arguments alone."""
    app = Celery("present", broker="memory://", set_as_current=False)
    monkeypatch.setattr(module, "current_app", app)

    module._send(TaskName.SCAN_ATTACHMENT, {"attachment_id": 4})

    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=1)
    assert message.headers["task"] == "operators.scan_attachment"
    assert message.payload[:2] == [[], {"attachment_id": 4}]
