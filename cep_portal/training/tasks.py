from celery import shared_task


@shared_task(name="training.move_clock", ignore_result=True)
def move_clock(**_newer):
    """Live through the days up to where the clock was sent. Safe to run twice."""
    from cep_portal.training import services  # noqa: PLC0415 -- leaf

    services.run_move()


@shared_task(name="training.reset_place", ignore_result=True, acks_late=False)
def reset_place(**_newer):
    """Put the place back to its first day; taken once, so that a lost worker does not empty it again."""
    from cep_portal.training import services  # noqa: PLC0415 -- leaf

    services.reset_place()
