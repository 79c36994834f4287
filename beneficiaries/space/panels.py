from datetime import datetime

from beneficiaries.request.models import Beneficiary
from beneficiaries.request.selectors import requests_of


def requests_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:  # noqa: ARG001 -- registry
    """My requests and their attestations, latest first; hidden when there is none."""
    requests = list(requests_of(beneficiary=beneficiary))
    return {"requests": requests} if requests else None
