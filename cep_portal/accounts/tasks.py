from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone


@shared_task(name="accounts.clear_sessions", ignore_result=True)
def clear_sessions(**_newer):
    """Delete the sessions that are over: they hold answers and searched names. Safe to run twice."""
    from cep_portal.accounts import services  # noqa: PLC0415 -- leaf

    SessionStore.clear_expired()
    services.forget_sessions()


@shared_task(name="accounts.forget_journal", ignore_result=True)
def forget_journal(**_newer):
    """Delete the old lines of the journal. Safe to run twice."""
    from cep_portal.accounts import services  # noqa: PLC0415 -- leaf

    services.forget_journal(now=timezone.now())
