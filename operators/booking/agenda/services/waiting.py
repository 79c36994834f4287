from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from cep_portal.accounts.selectors import has_happened
from cep_portal.accounts.services import record
from operators.booking.agenda import rules
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services.locks import lock_open

WAITED = "operators.hold.waited"


@transaction.atomic
def wait_for_limit(*, appointment: Appointment, until: datetime, now: datetime) -> bool:
    """Keep a held slot for whom a limit stopped: until it ends, and the time to type a code; once a hold.

    False for a hold that is over, that has waited already, or whose own time is long enough.
    Raises FileRestricted.
    """
    lock_open(appointment.service_request)
    held = Appointment.objects.select_for_update(of=("self",)).get(pk=appointment.pk)
    longer = until + timedelta(minutes=settings.PORTAL_HOLD_MINUTES)
    ends_at = held.hold_expires_at
    if not rules.hold_is_live(held, now=now) or ends_at is None or ends_at >= longer:
        return False
    if has_happened(action=WAITED, target=held):
        return False
    held.hold_expires_at = appointment.hold_expires_at = min(longer, held.starts_at)
    held.save(update_fields=["hold_expires_at"])
    record(action=WAITED, target=held, by=None, now=now)
    return True
