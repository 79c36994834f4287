import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from beneficiaries.request import errors, rules
from beneficiaries.request.enums import Need, RequestState, Urgency
from beneficiaries.request.hooks import tell_registered
from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.selectors import person_behind
from beneficiaries.request.services.guard import lock_holder
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.compiled import prepared
from cep_portal.common.days import local_day
from cep_portal.documents.models import StoredDocument
from cep_portal.documents.services import issue_document
from cep_portal.territories.models import Commune
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contract_in_force


@dataclass(frozen=True)
class RequestFacts:
    """What a person says when asking for the service."""

    situation: str
    commune: Commune
    commune_basis: str
    needs: list[str]
    access_needs: Collection[str] = ()
    urgency: str = Urgency.NO_HURRY


ADVANCE = "UPDATE beneficiaries_servicerequest SET state = %s WHERE id = %s AND state = ANY(%s)"


@transaction.atomic
def register_request(
    *, facts: RequestFacts, now: datetime, by: User | None = None, key: uuid.UUID | None = None
) -> ServiceRequest:
    """Write down that somebody asks for the service, at an instant nobody can change (R5422-2-1).

    The request goes to the contract in force for the commune on that day, local date. A person signed in
    is attached at once, unless the file is frozen; otherwise the code does it.
    The same `key` twice is one request (double click).
    Raises NoContractInForce when nobody holds the territory on that day.
    """
    contract = contract_in_force(facts.commune, on=local_day(now, facts.commune.department.zone))
    if contract is None:
        raise errors.NoContractInForce(
            f"Aucun opérateur n’est désigné à ce jour pour {facts.commune.name} :"
            " votre demande n’est pas enregistrée."
        )
    request, created = ServiceRequest.objects.get_or_create(
        uuid=key or uuid.uuid4(),
        defaults={
            "reference": rules.new_reference(),
            "requested_at": now,
            "situation": facts.situation,
            "commune": facts.commune,
            "commune_basis": facts.commune_basis,
            "needs": [need for need in Need.values if need in facts.needs],
            "urgency": facts.urgency,
            "access_needs": sorted(facts.access_needs),
            "contract": contract,
            "beneficiary": person_behind(by),
        },
    )
    if created:
        record(action="beneficiaries.request.registered", target=request, by=by, now=now)
        if request.beneficiary is not None:
            tell_registered(service_request=request, now=now)
    return request


def check_received(commune: Commune, *, now: datetime) -> Contract:
    """The contract in force for a commune on the local day. Raises NoContractInForce."""
    contract = contract_in_force(commune, on=local_day(now, commune.department.zone))
    if contract is None:
        raise errors.NoContractInForce(
            f"Aucun opérateur n’est désigné à ce jour pour {commune.name} :"
            " votre demande n’est pas enregistrée."
        )
    return contract


def mark_scheduled(
    *, service_request: ServiceRequest, now: datetime, by: User | None = None
) -> ServiceRequest:
    """An appointment is booked. A person already received stays so: later bookings do not go back."""
    return _advance(service_request, RequestState.SCHEDULED, now, by)


def mark_unscheduled(
    *, service_request: ServiceRequest, now: datetime, by: User | None = None
) -> ServiceRequest:
    """No live appointment is left: the request waits for a new one, unless the person was received."""
    return _advance(service_request, RequestState.REGISTERED, now, by)


def mark_served(*, service_request: ServiceRequest, now: datetime, by: User | None = None) -> ServiceRequest:
    """A first session was held; nothing takes it back."""
    return _advance(service_request, RequestState.SERVED, now, by)


@transaction.atomic(savepoint=False)
def _advance(service_request: ServiceRequest, target: str, now: datetime, by: User | None) -> ServiceRequest:
    """The state tells how far the request has come; an act that leads nowhere further leaves it.

    One statement reads, locks and writes: bookings wait for nothing more.
    """
    sources = [state.value for state in RequestState if rules.leads_to(state, target)]
    with prepared() as cursor:
        cursor.execute(ADVANCE, [str(target), service_request.pk, sources])
        has_advanced = cursor.rowcount == 1
    if has_advanced:
        service_request.state = target
        action = f"beneficiaries.request.{RequestState(target).name.lower()}"
        record(action=action, target=service_request, by=by, now=now)
    return service_request


@transaction.atomic
def store_attestation(
    *, service_request: ServiceRequest, title: str, content: bytes, check_code: str, now: datetime
) -> StoredDocument:
    """Keep the first attestation of a request; a second one made at the same moment is dropped."""
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=service_request.pk)
    if request.beneficiary_id is not None:
        lock_holder(request.beneficiary_id)
    if request.attestation is not None:
        return request.attestation
    request.attestation = issue_document(
        kind="beneficiaries.attestation",
        title=title,
        file_name=f"attestation-{request.displayed_reference}.pdf",
        content=content,
        check_code=check_code,
        zone=request.commune.department.zone,
        now=now,
    )
    request.save(update_fields=["attestation"])
    record(action="beneficiaries.attestation.issued", target=request, by=None, now=now)
    return request.attestation


def hold_request(*, session: SessionBase, service_request: ServiceRequest) -> None:
    """This browser asked: it may see the answers until somebody gives a name."""
    _keep(session, rules.ASKED_KEY, service_request)
    under_way = session.get(rules.UNDER_WAY_KEY, {})
    if (reference := rules.reference_under_way(service_request.uuid)) in under_way:
        written = {**under_way[reference], "is_written": True}
        session[rules.UNDER_WAY_KEY] = {**under_way, reference: written}


def prove_request(*, session: SessionBase, service_request: ServiceRequest) -> None:
    """This browser copied the right code: it may see the answers, the attestation and the appointment.

    The session gets a new key: who knew the former one, on a shared phone, does not follow.
    """
    session.cycle_key()
    _keep(session, rules.PROVED_KEY, service_request)


def _keep(session: SessionBase, name: str, service_request: ServiceRequest) -> None:
    kept = session.get(name, [])
    if service_request.reference not in kept:
        session[name] = [*kept, service_request.reference]
