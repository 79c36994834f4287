from datetime import datetime

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services import mark_scheduled, mark_unscheduled
from cep_portal.accounts.models import User


def follow_request(request: ServiceRequest | None, *, now: datetime, by: User | None) -> None:
    """Bring the state of a request, locked by the caller, in line with its coming appointments."""
    if request is None:
        return
    booked = request.appointments.not_over(now)
    mark = mark_scheduled if booked.exists() else mark_unscheduled
    mark(service_request=request, now=now, by=by)
