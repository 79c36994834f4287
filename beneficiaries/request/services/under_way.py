"""A request under way: answers in the session, written by the first act that needs a request (ADR 0050)."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase

from beneficiaries.request.errors import AnswersGone
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.rules import UNDER_WAY_KEY, reference_under_way
from beneficiaries.request.selectors import asked_here
from beneficiaries.request.services.requests import (
    RequestFacts,
    check_received,
    hold_request,
    register_request,
)
from cep_portal.accounts.models import User

KEPT = 10  # at a desk, several calls are under way in one session


def begin_here(
    *,
    session: SessionBase,
    user: User | AnonymousUser,
    facts: RequestFacts,
    key: UUID,
    now: datetime,
    place: str = "",
) -> ServiceRequest:
    """The request these answers make, under way in this session, or written at once for who plans to resign:
    the law dates it before the resignation (R5422-2-1).

    `place` is the slug of the place the road began from. Raises NoContractInForce.
    """
    check_received(facts.commune, now=now)
    reference = _keep(session, facts, key, place)
    asked = asked_here(reference=reference, session=session, user=user, now=now)
    if asked is None:
        raise AnswersGone
    if not asked.plans_to_resign:
        return asked
    return write_here(service_request=asked, session=session, user=user, now=now)


def _keep(session: SessionBase, facts: RequestFacts, key: UUID, place: str) -> str:
    reference = reference_under_way(key)
    answers = {
        "key": str(key),
        "situation": facts.situation,
        "commune": facts.commune.code,
        "commune_basis": facts.commune_basis,
        "needs": list(facts.needs),
        "urgency": facts.urgency,
        "access_needs": sorted(facts.access_needs),
        "place": place,
    }
    others = {name: kept for name, kept in session.get(UNDER_WAY_KEY, {}).items() if name != reference}
    session[UNDER_WAY_KEY] = dict([*others.items(), (reference, answers)][-KEPT:])
    return reference


def write_request(
    *, service_request: ServiceRequest, now: datetime, by: User | None = None
) -> ServiceRequest:
    """The request itself, written now when it was under way; twice gives the same one.

    Raises NoContractInForce when nobody holds the territory on that day.
    """
    if service_request.is_written:
        return service_request
    facts = RequestFacts(
        situation=service_request.situation,
        commune=service_request.commune,
        commune_basis=service_request.commune_basis,
        needs=service_request.needs,
        access_needs=service_request.access_needs,
        urgency=service_request.urgency,
    )
    return register_request(facts=facts, by=by, now=now, key=service_request.uuid)


def write_here(
    *, service_request: ServiceRequest, session: SessionBase, user: User | AnonymousUser, now: datetime
) -> ServiceRequest:
    """As write_request, by the visitor of this session, which then holds the request."""
    if service_request.is_written:
        return service_request
    by = user if isinstance(user, User) else None
    written = write_request(service_request=service_request, by=by, now=now)
    hold_request(session=session, service_request=written)
    return written


def forget_here(*, session: SessionBase, service_request: ServiceRequest) -> str:
    """This session forgets the answers of a request; returns the reference it gave them."""
    reference = reference_under_way(service_request.uuid)
    under_way = session.get(UNDER_WAY_KEY, {})
    session[UNDER_WAY_KEY] = {name: kept for name, kept in under_way.items() if name != reference}
    return reference
