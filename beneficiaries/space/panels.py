from datetime import datetime

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.registry import NextStep, next_steps
from beneficiaries.request.selectors import requests_of


def requests_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """My requests and their attestations, latest first, and what the latest waits for; hidden when none."""
    requests = list(requests_of(beneficiary=beneficiary))
    if not requests:
        return None
    return {"requests": requests, "step": _awaited(requests[0], now)}


def _awaited(latest: ServiceRequest, now: datetime) -> NextStep | None:
    """Only a request without appointment waits for the person."""
    if latest.state != RequestState.REGISTERED:
        return None
    return next(iter(next_steps(service_request=latest, is_holder=True, now=now)), None)
