from beneficiaries.request.enums import RequestState
from beneficiaries.request.hooks import NextStep, next_steps
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.selectors import requests_of
from beneficiaries.space.hooks import OpenSpace
from cep_portal.common.page_parts import PagePart

AWAITED, READ = 12, 50  # after the next appointment and before all the rest; among what is only read


def own_panel(space: OpenSpace) -> tuple[int, PagePart[OpenSpace]]:
    """My requests and their attestations, latest first; high on the page when the latest waits for me."""
    requests = list(requests_of(beneficiary=space.beneficiary))
    step = _awaited(requests[0], space) if requests else None
    data = {"requests": requests, "step": step} if requests else None
    title, order = ("Il vous reste une étape", AWAITED) if step else ("Mes demandes", READ)
    return order, PagePart(title, "beneficiaries/panels/requests.html", lambda _space: data)


def _awaited(latest: ServiceRequest, space: OpenSpace) -> NextStep | None:
    """Only a request without appointment waits for the person; a frozen file waits for nothing."""
    if latest.state != RequestState.REGISTERED or space.beneficiary.restricted_at is not None:
        return None
    return next(iter(next_steps(service_request=latest, is_holder=True, now=space.now)), None)
