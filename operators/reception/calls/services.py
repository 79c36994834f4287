"""Booking with somebody on the line: the same hold and the same confirmation as alone, and the consent."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from beneficiaries.request.models import Beneficiary, ServiceRequest
from beneficiaries.request.services import RequestFacts, begin_here, register_request
from beneficiaries.request.services.callers import CallerDetails, attach_known, name_person
from cep_portal.accounts.models import User
from cep_portal.common.days import local_day
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import confirm_hold
from operators.network.enums import Mode
from operators.reception.calls.enums import Consent
from operators.reception.calls.errors import ConsentMissing, NumberMissing, ReceivedElsewhere
from operators.reception.calls.models import AssistedBooking
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
