from operators.exchange.software.selectors.clients import live_client, own_clients
from operators.exchange.software.selectors.facts import (
    own_appointment,
    own_appointments,
    own_pathway,
    own_pathways,
    own_request,
    own_requests,
    own_session,
    own_sessions,
    session_of,
)
from operators.exchange.software.selectors.places import own_site, own_sites, site_slots
from operators.exchange.software.selectors.references import (
    communes_of,
    departments,
    regions,
    trace_of_communes,
    trace_of_departments,
    trace_of_regions,
)

__all__ = [
    "communes_of",
    "departments",
    "live_client",
    "own_appointment",
    "own_appointments",
    "own_clients",
    "own_pathway",
    "own_pathways",
    "own_request",
    "own_requests",
    "own_session",
    "own_sessions",
    "own_site",
    "own_sites",
    "regions",
    "session_of",
    "site_slots",
    "trace_of_communes",
    "trace_of_departments",
    "trace_of_regions",
]
