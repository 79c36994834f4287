from beneficiaries.request.services.codes import (
    confirm_contact_code,
    forget_codes,
    identify_by_code,
    send_contact_code,
    send_partner_code,
    send_proof_code,
)
from beneficiaries.request.services.requests import (
    RequestFacts,
    hold_request,
    mark_scheduled,
    mark_served,
    mark_unscheduled,
    prove_request,
    register_request,
    store_attestation,
)
from beneficiaries.request.services.under_way import begin_here, forget_here, write_here, write_request

__all__ = [
    "RequestFacts",
    "begin_here",
    "confirm_contact_code",
    "forget_codes",
    "forget_here",
    "hold_request",
    "identify_by_code",
    "mark_scheduled",
    "mark_served",
    "mark_unscheduled",
    "prove_request",
    "register_request",
    "send_contact_code",
    "send_partner_code",
    "send_proof_code",
    "store_attestation",
    "write_here",
    "write_request",
]
