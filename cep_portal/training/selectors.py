from datetime import datetime, timedelta

from cep_portal.training.gateways import clock
from cep_portal.training.models import TrainingPlace
from cep_portal.training.rules import FURTHEST


def place() -> TrainingPlace | None:
    """The place of this database; None when it is none."""
    return TrainingPlace.objects.filter(pk=1).first()


def furthest() -> datetime:
    """The last instant that the clock may be moved to today."""
    return clock.real_now() + FURTHEST


def days_ahead(ahead: timedelta) -> int:
    """Whole days of advance; an hour of summer time counts for none."""
    return round(ahead / timedelta(days=1))
