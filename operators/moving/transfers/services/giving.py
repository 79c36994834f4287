"""The former operator's part, and the person's: prepared, agreed to item by item, sent."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from beneficiaries.request.services.guard import lock_person
from cep_portal.accounts.models import User
from cep_portal.accounts.services import record
from cep_portal.common.days import local_day
from cep_portal.territories.models import Commune
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import coming_appointments
from operators.moving.transfers import notices, rules
from operators.moving.transfers.enums import ConsentWay, ItemKind, TransferState
from operators.moving.transfers.errors import (
    AlreadyPrepared,
    ConsentMissing,
    InventoryChanged,
    NobodyThere,
    PathwayNotOpen,
    SameContract,
)
from operators.moving.transfers.models import Transfer, TransferAppointment, TransferItem
from operators.moving.transfers.services import parts
from operators.moving.transfers.services.locks import locked, require
from procurement.contracts.models import Contract
from procurement.contracts.selectors import contract_in_force


@transaction.atomic
def prepare_transfer(
    *,
    pathway: Pathway,
    commune: Commune,
    reason: str,
    files: Collection[int] = (),
    by: User,
    now: datetime,
) -> Transfer:
    """Write the inventory of what could go to the operator in charge of a commune, and ask the person.

    `files` are the keys of the files proposed; the rest is all that the pathway has. Nothing is told to the
    other operator. Raises PathwayNotOpen, AlreadyPrepared, NobodyThere, SameContract, FileRestricted.
    """
    lock_person(pathway.beneficiary)
    pathway = _open_pathway(pathway)
    if Transfer.objects.filter(pathway=pathway, state__in=TransferState.open).exists():
        raise AlreadyPrepared("Un transfert de ce parcours est déjà en cours : retirez-le d’abord.")
    drafts = parts.collect(pathway=pathway, chosen=files, now=now)
    digests = [rules.fingerprint(kind, draft.title, draft.content) for kind, draft in drafts]
    transfer = Transfer.objects.create(
        pathway=pathway,
        contract=_contract_there(pathway, commune, now=now),
        commune=commune,
        reason=reason,
        inventory_sha256=rules.inventory_fingerprint(digests),
        prepared_at=now,
        prepared_by=by,
        expires_at=rules.expires_at(now),
    )
    _write_items(transfer, drafts, digests)
    record(
        action="operators.transfer.prepared",
        target=transfer,
        by=by,
        data={"pathway": pathway.pk, "contract": transfer.contract_id, "items": len(drafts)},
        now=now,
    )
    notices.tell_prepared(transfer, now=now)
    return transfer


def _write_items(transfer: Transfer, drafts: list[tuple[ItemKind, parts.Draft]], digests: list[str]) -> None:
    TransferItem.objects.bulk_create(
        TransferItem(
            transfer=transfer,
            kind=kind,
            position=position,
            title=draft.title,
            content=draft.content,
            sha256=digest,
            attachment=draft.attachment,
            summary=draft.summary,
        )
        for position, ((kind, draft), digest) in enumerate(zip(drafts, digests, strict=True), start=1)
    )


def _open_pathway(pathway: Pathway) -> Pathway:
    rows = Pathway.objects.select_for_update(of=("self",))
    row = rows.select_related("beneficiary", "adviser__site", "contract").get(pk=pathway.pk)
    if row.state != PathwayState.OPEN:
        raise PathwayNotOpen("Ce parcours est clos : seul un parcours en cours se transfère.")
    return row


def _contract_there(pathway: Pathway, commune: Commune, *, now: datetime) -> Contract:
    """The contract that receives this place today: nobody chooses an operator."""
    contract = contract_in_force(commune, local_day(now, pathway.adviser.site.zone))
    if contract is None:
        raise NobodyThere("Aucun opérateur ne reçoit les personnes de cette commune aujourd’hui.")
    if contract.pk == pathway.contract_id:
        raise SameContract("C’est déjà votre organisme qui reçoit les personnes de cette commune.")
    return contract


@transaction.atomic
def consent_to_transfer(
    *,
    transfer: Transfer,
    shown: str,
    agreed: Collection[int],
    kept: Collection[int],
    consented: bool,
    way: str,
    by: User | None,
    now: datetime,
) -> Transfer:
    """Write what the person agrees to pass on, item by item, and which appointments to come are kept.

    `shown` is the fingerprint of the inventory read, `agreed` and `kept` are keys of its items and of
    appointments. Raises ConsentMissing, InventoryChanged, TransferOver, FileRestricted.
    """
    lock_person(transfer.pathway.beneficiary_id)
    if not consented:
        raise ConsentMissing("Cochez l’accord, ou refusez le transfert.")
    transfer = locked(transfer)
    require(transfer, TransferState.CONSENTED, now=now)
    if shown != transfer.inventory_sha256:
        raise InventoryChanged("L’inventaire n’est plus le même : relisez-le.")
    items = TransferItem.objects.filter(transfer=transfer)
    items.filter(pk__in=agreed).update(is_agreed=True)
    items.filter(is_agreed__isnull=True).update(is_agreed=False)
    TransferAppointment.objects.bulk_create(
        TransferAppointment(transfer=transfer, appointment=appointment, is_kept=appointment.pk in kept)
        for appointment in coming_appointments(pathway=transfer.pathway, now=now)
    )
    transfer.state, transfer.consented_at = TransferState.CONSENTED, now
    transfer.consent_wording = rules.consent_words(transfer.contract.holder.name)
    transfer.consent_version, transfer.consent_way = rules.CONSENT_VERSION, ConsentWay(way)
    transfer.save(
        update_fields=["state", "consented_at", "consent_wording", "consent_version", "consent_way"]
    )
    record(
        action="operators.transfer.consented",
        target=transfer,
        by=by,
        data={
            "agreed": items.filter(is_agreed=True).count(),
            "inventory": transfer.inventory_sha256,
            "version": rules.CONSENT_VERSION,
            "way": str(way),
        },
        now=now,
    )
    return transfer


@transaction.atomic
def send_transfer(*, transfer: Transfer, by: User, now: datetime) -> Transfer:
    """Let the other operator know that somebody comes: the reason and the place, no name before reception.

    Raises TransferOver, PathwayNotOpen, FileRestricted.
    """
    lock_person(transfer.pathway.beneficiary)
    transfer = locked(transfer)
    require(transfer, TransferState.SENT, now=now)
    if transfer.pathway.state != PathwayState.OPEN:
        raise PathwayNotOpen("Ce parcours a été clos depuis : retirez ce transfert.")
    transfer.state, transfer.sent_at, transfer.sent_by = TransferState.SENT, now, by
    transfer.save(update_fields=["state", "sent_at", "sent_by"])
    record(action="operators.transfer.sent", target=transfer, by=by, now=now)
    return transfer
