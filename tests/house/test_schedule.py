"""The running schedule: every task exists, none between 02:00 and 02:59 (clocks change then)."""

import pytest
from celery.schedules import crontab

from cep_portal.celery import app
from cep_portal.common.task_names import ASKED_AGAIN, RESUMED_BY, TaskName
from cep_portal.schedule import BEAT_SCHEDULE, DEMONSTRATION_SCHEDULE


@pytest.mark.django_db  # Celery checks the models when it imports tasks
def test_every_scheduled_task_is_registered():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} - set(app.tasks) == set()


@pytest.mark.django_db
def test_names_and_registered_tasks_are_the_same():
    """A name without its task is lost on the way; a task without its name is asked by nobody."""
    app.loader.import_default_modules()
    app.autodiscover_tasks(["cep_portal.training"], force=True)  # its own settings install it

    own = {name for name in app.tasks if not name.startswith(("celery.", "tests."))}

    assert own == {str(name) for name in TaskName}


def test_every_task_is_scheduled_or_asked():
    scheduled = {*BEAT_SCHEDULE, *DEMONSTRATION_SCHEDULE}

    assert {str(name) for name in TaskName} - scheduled == {*RESUMED_BY, *ASKED_AGAIN}


def test_no_task_runs_while_the_clocks_change_rdv_sp_pr_3300():
    """Between 02:00 and 02:59 an hour happens twice, or never. A count of seconds reads no clock."""
    hours = [
        entry["schedule"].hour for entry in BEAT_SCHEDULE.values() if isinstance(entry["schedule"], crontab)
    ]

    assert [hour for hour in hours if 2 in hour] == []


def test_celery_reads_the_settings(settings):
    assert app.conf.task_time_limit == settings.CELERY_TASK_TIME_LIMIT == 1800
    assert app.conf.beat_schedule == BEAT_SCHEDULE
    assert app.conf.task_acks_late is True
    assert app.conf.broker_transport_options["socket_connect_timeout"] == 3
