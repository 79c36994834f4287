from celery import shared_task

from cep_portal.common.task_names import TaskName
from cep_portal.training import services


@shared_task(name=TaskName.MOVE_CLOCK, ignore_result=True)
def move_clock(**_newer):
    """Live through the days up to where the clock was sent. Safe to run twice."""
    services.run_move()


@shared_task(name=TaskName.RESET_PLACE, ignore_result=True, acks_late=False)
def reset_place(**_newer):
    """Put the place back to its first day; taken once, so that a lost worker does not empty it again."""
    services.reset_place()
