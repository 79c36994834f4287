from datetime import datetime

from beneficiaries.request.errors import PersonUnknown
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services import store_attestation
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import new_check_code, render_pdf

TITLE = "Attestation de demande de conseil en évolution professionnelle"
TEMPLATE = "beneficiaries/pdf/attestation.html"


def attestation_context(*, service_request: ServiceRequest, check_code: str, now: datetime) -> dict:
    """What the attestation says: who asked, when, to whom. Neither situation nor need."""
    place, contract = service_request.commune, service_request.contract
    rows = (
        ("Référence de la demande", service_request.displayed_reference),
        ("Adressée à", f"{contract.holder.name}, opérateur du service public"),
        ("Région", place.department.region.name),
    )
    return {
        "title": TITLE,
        "service_request": service_request,
        "person": service_request.beneficiary,
        "rows": [{"label": label, "value": value} for label, value in rows],
        "zone": place.department.zone,
        "issued_at": now,
        "check_code": check_code,
    }


def issue_attestation(*, service_request: ServiceRequest, now: datetime) -> StoredDocument:
    """The attestation of a request, made once and kept; raises PersonUnknown before the code is confirmed."""
    if service_request.attestation is not None:
        return service_request.attestation
    if service_request.beneficiary is None:
        raise PersonUnknown("L’attestation porte votre nom : confirmez d’abord vos coordonnées.")
    check_code = new_check_code()
    context = attestation_context(service_request=service_request, check_code=check_code, now=now)
    return store_attestation(
        service_request=service_request,
        title=TITLE,
        content=render_pdf(template=TEMPLATE, context=context),
        check_code=check_code,
        now=now,
    )
