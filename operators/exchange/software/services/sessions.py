"""What became of an appointment, told by the operator's software: the service of the adviser's own page."""

from datetime import datetime

from django.db import transaction

from operators.booking.agenda.models import Appointment
from operators.casework.pathways.enums import CorrectionChannel
from operators.casework.pathways.models import CounsellingSession
from operators.casework.pathways.services import SessionFacts, correct_session, log_session
from operators.exchange.software.models import ApiClient
from operators.exchange.software.rules import Key
from operators.exchange.software.services.clients import tell_who
from operators.exchange.software.services.keys import is_first_use


@transaction.atomic
def log_by_software(
    *,
    client: ApiClient,
    key: Key,
    appointment: Appointment,
    attendance: str,
    facts: SessionFacts,
    cancelled_at: datetime | None,
    now: datetime,
) -> bool:
    """Log an appointment; False when the key had done it. Raises KeyReused and what log_session raises."""
    if not is_first_use(client=client, key=key, now=now):
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


@transaction.atomic
def correct_by_software(
    *,
    client: ApiClient,
    key: Key,
    session: CounsellingSession,
    facts: SessionFacts,
    reason: str,
    now: datetime,
) -> bool:
    """Correct a session; False when the key had done it. Raises KeyReused and what correct_session raises."""
    if not is_first_use(client=client, key=key, now=now):
        return False
    correct_session(
        session=session, facts=facts, reason=reason, channel=CorrectionChannel.API, by=None, now=now
    )
    tell_who(client, "corrected", session, now=now)
    return True
