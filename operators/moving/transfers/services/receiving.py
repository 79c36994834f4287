"""The receiving operator's part: take the person in with the inventory, or say why not."""

from datetime import datetime

from django.db import transaction

from beneficiaries.request.models import ServiceRequest
from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from operators.booking.agenda.enums import CancelledBy
from operators.booking.agenda.models import Appointment
from operators.booking.agenda.services import cancel_appointment
from operators.casework.pathways.enums import ClosingOutcome, PathwayState
from operators.casework.pathways.hooks import Event, tell_followers
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.services import end_pathway
from operators.moving.transfers import notices
from operators.moving.transfers.enums import RefusalReason, TransferState
from operators.moving.transfers.errors import AdviserUnfit, NotStartedYet, PathwayNotOpen, TransferOver
from operators.moving.transfers.models import Transfer, TransferItem
from operators.moving.transfers.services import parts
from operators.moving.transfers.services.locks import locked, require
from operators.network.models import Adviser
from operators.network.services import locked_advisers


@transaction.atomic
def receive_transfer(*, transfer: Transfer, adviser: Adviser, by: User, now: datetime) -> Transfer:
    """Take a person in: a pathway goes on with what was agreed to, the former one closes, both at once.

    The new pathway continues the former, so no second entry is counted; a person already followed here keeps
    that pathway. Appointments that the person did not keep are cancelled in the person's name. Locks: the
    adviser, requests, person, appointments, transfer, pathways (ADR 0010). Raises TransferOver, AdviserUnfit,
    NotStartedYet, PathwayNotOpen, FileRestricted.
    """
    adviser = locked_advisers(adviser.pk)[adviser.pk]
    leaving = _not_kept(transfer, now=now)
    asked = ServiceRequest.objects.filter(pk__in=[appointment.service_request_id for appointment in leaving])
    list(asked.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    lock_person(transfer.pathway.beneficiary)
    transfer = locked(transfer)
    require(transfer, TransferState.RECEIVED, now=now)
    _check_adviser(transfer, adviser, now=now)
    still = {
        appointment.pk for appointment in _not_kept(transfer, now=now)
    }  # cancelled meanwhile: nothing to do
    for appointment in (appointment for appointment in leaving if appointment.pk in still):
        cancel_appointment(appointment=appointment, by=CancelledBy.PERSON, actor=transfer.sent_by, now=now)
    former = Pathway.objects.select_for_update(of=("self",)).get(pk=transfer.pathway_id)
    if former.state != PathwayState.OPEN:
        raise PathwayNotOpen("Ce parcours a été clos depuis par l’autre opérateur.")
    pathway = _go_on(transfer, adviser, by=by, now=now)
    for item in TransferItem.objects.filter(transfer=transfer, is_agreed=True).order_by("position"):
        parts.restore(item=item, pathway=pathway, by=by, now=now)
    end_pathway(former, outcome=ClosingOutcome.TRANSFERRED, by=by, now=now)
    transfer.state, transfer.answered_at, transfer.answered_by = TransferState.RECEIVED, now, by
    transfer.received_in, transfer.received_by = pathway, adviser
    transfer.save(update_fields=["state", "answered_at", "answered_by", "received_in", "received_by"])
    record(
        action="operators.transfer.received",
        target=transfer,
        by=by,
        data={"pathway": pathway.pk, "inventory": transfer.inventory_sha256},
        now=now,
    )
    notices.tell_received(transfer, now=now)
    return transfer


def _not_kept(transfer: Transfer, *, now: datetime) -> list[Appointment]:
    """The appointments that the person gave up and that still stand."""
    given_up = transfer.appointments.filter(is_kept=False).values("appointment")
    coming = Appointment.objects.to_come(now).filter(pk__in=given_up)
    return list(coming.select_related("service_request", "beneficiary").order_by("pk"))


def _check_adviser(transfer: Transfer, adviser: Adviser, *, now: datetime) -> None:
    if not adviser.is_active or adviser.site.contract_id != transfer.contract_id:
        raise AdviserUnfit("Choisissez un conseiller en activité de ce contrat.")
    if local_day(now, adviser.site.zone) < transfer.contract.starts_on:
        raise NotStartedYet("Votre contrat n’a pas commencé : recevez ce transfert à son premier jour.")


def _go_on(transfer: Transfer, adviser: Adviser, *, by: User, now: datetime) -> Pathway:
    person = transfer.pathway.beneficiary_id
    here = Pathway.objects.select_for_update(of=("self",)).filter(
        beneficiary=person, contract=transfer.contract_id, state=PathwayState.OPEN
    )
    known = here.first()
    if known is not None:
        return known
    pathway = Pathway.objects.create(
        beneficiary_id=person,
        contract_id=transfer.contract_id,
        region_id=transfer.commune.department.region_id,
        adviser=adviser,
        entered_on=local_day(now, adviser.site.zone),
        continues=transfer.pathway,
    )
    record(
        action="operators.pathway.continued",
        target=pathway,
        by=by,
        data={"transfer": str(transfer.uuid)},
        now=now,
    )
    tell_followers(Event.CONTINUED, subject=pathway, now=now)
    return pathway


@transaction.atomic
def refuse_transfer(*, transfer: Transfer, reason: str, by: User, now: datetime) -> Transfer:
    """Say why the person is not taken in; the former operator goes on. Raises TransferOver."""
    lock_person(transfer.pathway.beneficiary_id)
    if reason not in RefusalReason.values:
        raise TransferOver("Choisissez un motif.")
    transfer = locked(transfer)
    require(transfer, TransferState.REFUSED, now=now)
    transfer.state, transfer.answered_at, transfer.answered_by = TransferState.REFUSED, now, by
    transfer.refusal = reason
    transfer.save(update_fields=["state", "answered_at", "answered_by", "refusal"])
    record(action="operators.transfer.refused", target=transfer, by=by, data={"reason": str(reason)}, now=now)
    notices.tell_ended(transfer, now=now)
    return transfer
