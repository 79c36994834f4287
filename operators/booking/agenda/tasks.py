from celery import shared_task
from django.utils import timezone


@shared_task(name="operators.expire_holds", ignore_result=True)
def expire_holds(**_newer):
    """Mark the holds whose time is over. Safe to run twice."""
    from operators.booking.agenda import services  # noqa: PLC0415 -- leaf

    services.expire_holds(now=timezone.now())


@shared_task(name="operators.write_due_reminders", ignore_result=True)
def write_due_reminders(**_newer):
    """Write the reminders whose hour has come. Safe to run twice."""
    from operators.booking.agenda import services  # noqa: PLC0415 -- leaf

    services.write_due_reminders(now=timezone.now())


@shared_task(name="operators.close_unanswered", ignore_result=True)
def close_unanswered(**_newer):
    """Mark the proposals whose hour to answer is past. Safe to run twice."""
    from operators.booking.agenda import services  # noqa: PLC0415 -- leaf

    services.close_unanswered(now=timezone.now())


@shared_task(name="operators.keep_link_failures", ignore_result=True)
def keep_link_failures(**_newer):
    """Keep yesterday's count of links that did not open. Safe to run twice."""
    from operators.booking.agenda import services  # noqa: PLC0415 -- leaf

    services.link_failures.keep(now=timezone.now())
