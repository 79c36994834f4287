"""What every message about a request ends with: the reference by which it is found again."""

from beneficiaries.request.models import ServiceRequest


def reference_line(service_request: ServiceRequest | None) -> str:
    """A paragraph of its own; nothing for an appointment taken without a request."""
    if service_request is None:
        return ""
    return f"\nRéférence de votre demande : {service_request.displayed_reference}\n"
