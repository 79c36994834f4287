"""Booking with somebody on the line, the same hold as alone and the consent; who answers a request."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from beneficiaries.request.enums import RequestState
from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import RequestFacts, begin_here, register_request
from beneficiaries.request.services.callers import CallerDetails, attach_known, name_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import confirm_hold, lock_open
from operators.network.enums import Mode
from operators.reception.calls.enums import Consent, RequestEndReason
from operators.reception.calls.errors import (
    ConsentMissing,
    NumberMissing,
    ReceivedElsewhere,
    RequestOver,
    RequestTaken,
)
from operators.reception.calls.models import AssistedBooking, RequestHandling
from procurement.contracts.selectors import contract_in_force


def begin_call(
    *, by: User, session: SessionBase, facts: RequestFacts, now: datetime, key: UUID
) -> ServiceRequest:
    """What a caller tells an agent, kept in the agent's session like a visitor's (ADR 0050).

    Who plans to resign has the request dated at once (R5422-2-1). Raises ReceivedElsewhere when another
    operator holds the territory, NoContractInForce when nobody does. The same `key` twice is one request.
    """
    _check_received(facts, organisation_id=by.mandate.organisation_id if by.mandate else None, now=now)
    return begin_here(session=session, user=by, facts=facts, key=key, now=now)


def register_for(
    *,
    organisation_id: int | None,
    facts: RequestFacts,
    now: datetime,
    by: User | None,
    key: UUID | None = None,
) -> ServiceRequest:
    """Register a request for an operator that receives the commune on that day; the same refusals."""
    _check_received(facts, organisation_id=organisation_id, now=now)
    return register_request(facts=facts, by=by, now=now, key=key)


def _check_received(facts: RequestFacts, *, organisation_id: int | None, now: datetime) -> None:
    contract = contract_in_force(facts.commune, on=local_day(now, facts.commune.department.zone))
    if contract is not None and contract.holder_id != organisation_id:
        raise ReceivedElsewhere(contract)


@transaction.atomic
def book_with_consent(
    *,
    hold: Appointment,
    beneficiary: Beneficiary,
    idempotency_key: UUID,
    consent: str,
    by: User | None,
    now: datetime,
) -> Appointment:
    """Confirm a hold for a person who agreed, and keep how: one service whatever the channel.

    Raises what confirm_hold raises, and NumberMissing for a session by telephone with nobody to call.
    """
    if hold.mode == Mode.PHONE and not beneficiary.phone:
        raise NumberMissing("Indiquez le numéro où appeler la personne.")
    booked = confirm_hold(
        appointment=hold, beneficiary=beneficiary, idempotency_key=idempotency_key, now=now, actor=by
    )
    AssistedBooking.objects.get_or_create(
        appointment=booked, defaults={"consent": consent, "agreed_at": now, "booked_by": by}
    )
    return booked


@transaction.atomic
def book_for_caller(
    *,
    hold: Appointment,
    known: Beneficiary | None,
    caller: CallerDetails,
    agreed: bool,
    idempotency_key: UUID,
    by: User,
    now: datetime,
) -> Appointment:
    """Book for the person on the line, who agrees aloud.

    `known` is the person found again who said so: the contact on file is then used, never the one just
    told. Else a new person, whose contact is to confirm. Raises ConsentMissing, ContactMissing,
    RequestOfAnother and what book_with_consent raises; nothing is then written.
    """
    if not agreed:
        raise ConsentMissing("Demandez à la personne si elle est d’accord, puis cochez la case.")
    request = hold.service_request
    if request is None:
        raise ValueError("a call has a request")
    if known is not None:
        person = attach_known(service_request=request, beneficiary=known, by=by, now=now)
    else:
        person = name_person(
            service_request=request,
            **asdict(caller),
            by=by,
            now=now,
        )
    return book_with_consent(
        hold=hold,
        beneficiary=person,
        idempotency_key=idempotency_key,
        consent=Consent.ALOUD,
        by=by,
        now=now,
    )


@transaction.atomic
def take_request(*, service_request: ServiceRequest, by: User, now: datetime) -> RequestHandling:
    """« Je prends »: colleagues see who answers; taken again by the same, nothing changes.

    Raises RequestTaken when a colleague did, RequestOver when it is answered or ended, FileRestricted.
    """
    handling = _open_handling(service_request)
    if handling.taken_by_id == by.pk:
        return handling
    if handling.taken_by is not None:
        raise RequestTaken(f"{handling.taken_by.full_name} a déjà pris cette demande.")
    handling.taken_by, handling.taken_at = by, now
    handling.save(update_fields=["taken_by", "taken_at"])
    record(action="operators.request.taken", target=handling, by=by, now=now)
    return handling


@transaction.atomic
def leave_request(*, service_request: ServiceRequest, by: User, now: datetime) -> RequestHandling:
    """Give a request back to the team, whoever took it. Raises RequestOver, FileRestricted."""
    handling = _open_handling(service_request)
    handling.taken_by = handling.taken_at = None
    handling.save(update_fields=["taken_by", "taken_at"])
    record(action="operators.request.left", target=handling, by=by, now=now)
    return handling


@transaction.atomic
def end_request(
    *, service_request: ServiceRequest, end_reason: RequestEndReason, by: User, now: datetime
) -> RequestHandling:
    """End a request without an appointment, and say why: it leaves the queue, the request stands.

    The person may still book from it. Raises RequestOver, FileRestricted.
    """
    handling = _open_handling(service_request)
    handling.ended_by, handling.ended_at, handling.end_reason = by, now, end_reason
    handling.save(update_fields=["ended_by", "ended_at", "end_reason"])
    record(action="operators.request.ended", target=handling, by=by, data={"reason": end_reason}, now=now)
    return handling


@transaction.atomic
def resume_request(*, service_request: ServiceRequest, by: User, now: datetime) -> RequestHandling:
    """Back in the queue, ended by mistake. Raises RequestOver when it is answered, FileRestricted."""
    handling = _open_handling(service_request, is_ended=True)
    handling.ended_by, handling.ended_at, handling.end_reason = None, None, ""
    handling.save(update_fields=["ended_by", "ended_at", "end_reason"])
    record(action="operators.request.resumed", target=handling, by=by, now=now)
    return handling


def _open_handling(service_request: ServiceRequest, *, is_ended: bool = False) -> RequestHandling:
    """Its one row, made at the first act, under the lock of the request."""
    request = lock_open(service_request)
    if request is None or request.state != RequestState.REGISTERED:
        raise RequestOver("Un rendez-vous répond déjà à cette demande.")
    handling, _ = RequestHandling.objects.select_related("taken_by").get_or_create(service_request=request)
    if is_ended != (handling.ended_at is not None):
        said = RequestEndReason(handling.end_reason).label.lower() if handling.end_reason else "elle attend"
        raise RequestOver(f"Cette demande a changé entre-temps : {said}.")
    return handling
