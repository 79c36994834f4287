"""What became of an appointment, told by the operator's software: the service of the adviser's own page."""

from datetime import datetime

from django.db import transaction

from operators.booking.agenda.models import Appointment
from operators.casework.pathways.services import SessionFacts, log_session
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
    facts: SessionFacts,
    cancelled_at: datetime | None,
    now: datetime,
) -> bool:
    """Log an appointment; False when the key had done it. Raises KeyReused and what log_session raises."""
    held = (
        facts.level,
        facts.mode,
        facts.starts_at.timestamp(),
        facts.duration_minutes,
        sorted(facts.themes),
    )
    trace = rules.trace_of(
        "log", appointment.uuid, attendance, *held, facts.next_step, facts.outcome, cancelled_at
    )
    if not is_first_use(client=client, key=key, trace=trace, now=now):
        return False
    log_session(
        appointment=appointment,
        attendance=attendance,
        facts=facts,
        cancelled_at=cancelled_at,
        by=None,
        now=now,
    )
    tell_who(client, "logged", appointment, now=now)
    return True
