from datetime import datetime

from beneficiaries.request.enums import RequestState
from beneficiaries.request.hooks import NextStep, next_steps
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.selectors import requests_of
from beneficiaries.space.hooks import OpenSpace
from cep_portal.common.page_parts import PagePart


def requests_panel(space: OpenSpace) -> dict | None:
    """My requests and their attestations, latest first, and what the latest waits for; hidden when none."""
    requests = list(requests_of(beneficiary=space.beneficiary))
    if not requests:
        return None
    return {"requests": requests, "step": _awaited(requests[0], space.now)}


def _awaited(latest: ServiceRequest, now: datetime) -> NextStep | None:
    """Only a request without appointment waits for the person."""
    if latest.state != RequestState.REGISTERED:
        return None
    return next(iter(next_steps(service_request=latest, is_holder=True, now=now)), None)


OWN_PANEL = PagePart("Mes demandes", "beneficiaries/panels/requests.html", requests_panel)
