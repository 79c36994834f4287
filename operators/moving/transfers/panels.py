"""What transfers add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import datetime, timedelta

from django.urls import reverse

from beneficiaries.request.models import Beneficiary
from cep_portal.accounts.models import User
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.registry import Happening, Task
from operators.moving.transfers import presenters, rules, selectors
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer
from operators.network.models import Adviser

SHOWN = 5
NEWS = timedelta(days=7)  # how long a refusal stays on the day of who prepared


def file_section(*, pathway: Pathway, user: User, now: datetime) -> dict | None:
    """« Changer d’opérateur »: what is under way, where the pathway went, or the way to prepare."""
    if not rules.can_transfer(user):
        return None
    found = list(selectors.transfers_of_pathway(pathway=pathway))
    shown = [one for one in found if one.state in TransferState.open or one.state == TransferState.RECEIVED]
    is_open = pathway.state == PathwayState.OPEN
    running = any(one.state in TransferState.open and not rules.is_over(one, now=now) for one in found)
    if not shown and not is_open:
        return None
    return {
        "rows": [_section_row(one, pathway) for one in shown],
        "prepare_url": reverse("operators:transfer_prepare", args=[pathway.uuid])
        if is_open and not running
        else "",
    }


def _section_row(transfer: Transfer, pathway: Pathway) -> dict:
    here = transfer.received_in_id == pathway.pk
    other = transfer.pathway.contract.holder.name if here else transfer.contract.holder.name
    return {
        "label": f"Reçu de {other}" if here else f"Vers {other}",
        "badge": presenters.badge(transfer),
        "url": reverse("operators:transfer_detail", args=[transfer.uuid]),
    }


def timeline(*, pathway: Pathway, user: User) -> list[Happening]:
    if not rules.can_transfer(user):
        return []
    return [
        line
        for one in selectors.transfers_of_pathway(pathway=pathway)
        for line in presenters.happenings(one, is_former=one.pathway_id == pathway.pk)
    ]


def to_do(*, adviser: Adviser, user: User, now: datetime) -> tuple[list[Task], int, str]:  # noqa: ARG001 -- the registry's call
    """What waits to be received or sent, and what was refused this week; who comes has no name yet."""
    waiting = selectors.to_do_of(adviser=adviser, since=now - NEWS)
    found = list(waiting[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else waiting.count()
    return [_task(one) for one in found[:SHOWN]], count, reverse("operators:transfer_list")


def _task(one: Transfer) -> Task:
    notes = {
        TransferState.SENT: f"à recevoir de {one.pathway.contract.holder.name}",
        TransferState.CONSENTED: "accord donné : à envoyer",
        TransferState.REFUSED: "refusé : à revoir avec la personne",
    }
    coming = one.state == TransferState.SENT
    return Task(
        label=f"Une personne, {one.commune.name}" if coming else one.pathway.beneficiary.full_name,
        url=reverse("operators:transfer_detail", args=[one.uuid]),
        note=notes[TransferState(one.state)],
    )


def space_panel(*, beneficiary: Beneficiary, now: datetime) -> dict | None:
    """« Votre accord est attendu », while a transfer waits for the person's answer."""
    rows = [
        one
        for one in space_page(beneficiary=beneficiary, now=now)["rows"]
        if one["state"] == TransferState.PREPARED
    ]
    return {"rows": rows} if rows else None


def space_page(*, beneficiary: Beneficiary, now: datetime) -> dict:
    return {
        "rows": [
            {
                "state": one.state,
                "holder": one.contract.holder.name,
                "badge": presenters.badge(one),
                "prepared_at": one.prepared_at,
                "is_over": rules.is_over(one, now=now),
                "url": reverse("operators:own_transfer", args=[one.uuid]),
            }
            for one in selectors.transfers_of_person(beneficiary=beneficiary)
        ]
    }
