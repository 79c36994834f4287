from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from cep_portal.accounts import services
from cep_portal.common.sent_once import forget_sent_forms
from cep_portal.common.task_names import TaskName


@shared_task(name=TaskName.CLEAR_SESSIONS, ignore_result=True)
def clear_sessions(**_newer: object) -> None:
    """Delete what is over: sessions, which hold answers and searched names, forms answered, drafts. Safe to
    run twice."""
    SessionStore.clear_expired()
    services.forget_sessions()
    services.forget_drafts(now=timezone.now())
    forget_sent_forms(now=timezone.now())


@shared_task(name=TaskName.FORGET_JOURNAL, ignore_result=True)
def forget_journal(**_newer: object) -> None:
    """Delete the old lines of the journal. Safe to run twice."""
    services.forget_journal(now=timezone.now())
