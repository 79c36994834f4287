"""What became of an appointment, told by the operator's software: the service of the adviser's own page."""

from datetime import datetime

from django.db import transaction

from operators.booking.agenda.models import Appointment
from operators.casework.pathways.services import log_session
from operators.exchange.software import rules
from operators.exchange.software.models import ApiClient
from operators.exchange.software.services.clients import tell_who
from operators.exchange.software.services.keys import is_first_use


@transaction.atomic
def log_by_software(
    *,
    client: ApiClient,
    key: str,
    appointment: Appointment,
    attendance: str,
    level: str,
    mode: str,
    starts_at: datetime | None,
    duration_minutes: int,
    themes: list[str],
    next_step: str,
    outcome: str,
    cancelled_at: datetime | None,
    now: datetime,
) -> bool:
    """Log an appointment; False when the key had done it. Raises KeyReused and what log_session raises."""

    held = (level, mode, starts_at and starts_at.timestamp(), duration_minutes, sorted(themes))
    trace = rules.trace_of("log", appointment.uuid, attendance, *held, next_step, outcome, cancelled_at)
    if not is_first_use(client=client, key=key, trace=trace, now=now):
        return False
    log_session(
        appointment=appointment,
        attendance=attendance,
        level=level,
        mode=mode,
        starts_at=starts_at or appointment.starts_at,
        duration_minutes=duration_minutes,
        themes=themes,
        next_step=next_step,
        outcome=outcome,
        cancelled_at=cancelled_at,
        by=None,
        now=now,
    )
    tell_who(client, "logged", appointment, now=now)
    return True
