from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="accounts.clear_sessions", ignore_result=True)
def clear_sessions(**_newer):
    """Delete the sessions that are over: they hold answers and searched names. Safe to run twice."""
    SessionStore.clear_expired()
