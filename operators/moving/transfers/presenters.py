"""Transfers in words, from objects already loaded: no query here."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from cep_portal.common.days import local_day
from operators.casework.pathways.hooks import Happening
from operators.casework.pathways.presenters import days_ago
from operators.moving.transfers.enums import ItemKind, RefusalReason, TransferState, WithdrawnBy
from operators.moving.transfers.models import Transfer, TransferItem

BADGES = {
    TransferState.PREPARED: "info",
    TransferState.CONSENTED: "warning",
    TransferState.SENT: "info",
    TransferState.RECEIVED: "success",
    TransferState.REFUSED: "warning",
    TransferState.WITHDRAWN: "neutral",
    TransferState.EXPIRED: "neutral",
}
KEPT_WORDS = {True: "gardé", False: "à annuler à la réception"}
ANSWERS = {True: ("accepté", "success"), False: ("non", "neutral"), None: ("pas encore répondu", "info")}


def badge(transfer: Transfer) -> dict:
    return {"label": transfer.get_state_display(), "kind": BADGES[TransferState(transfer.state)]}


def leaving_row(transfer: Transfer, *, now: datetime) -> dict:
    return {
        "who": transfer.pathway.beneficiary.full_name,
        "other": transfer.contract.holder.name,
        **_row(transfer, since=transfer.prepared_at, now=now),
    }


def coming_row(transfer: Transfer, *, now: datetime) -> dict:
    """No name before reception."""
    received = transfer.state == TransferState.RECEIVED
    return {
        "who": transfer.pathway.beneficiary.full_name
        if received
        else f"Une personne, {transfer.commune.name}",
        "other": transfer.pathway.contract.holder.name,
        **_row(transfer, since=transfer.sent_at or transfer.prepared_at, now=now),
    }


def _row(transfer: Transfer, *, since: datetime, now: datetime) -> dict:
    return {
        "reason": transfer.get_reason_display(),
        "since": days_ago(local_day(since), local_day(now)),
        "badge": badge(transfer),
        "url": reverse("operators:transfer_detail", args=[transfer.uuid]),
    }


def item_label(item: TransferItem) -> str:
    if not item.title:
        return f"{item.get_kind_display()} : effacé"
    return f"Fichier : {item.title}" if item.kind == ItemKind.FILE else item.title


def inventory(items: Iterable[TransferItem], *, with_answers: bool) -> list[dict]:
    """Each item as it was shown; an erased one has no words left."""
    return [
        {
            "title": item_label(item),
            "lines": item.content.get("lines", []),
            "sha256": item.sha256,
            "answer": ANSWERS[item.is_agreed] if with_answers else None,
        }
        for item in items
    ]


def announced(items: Iterable[TransferItem]) -> list[str]:
    """What comes with a person, by kind: neither a title nor a word."""
    counter = Counter(item.kind for item in items if item.is_agreed)
    return [
        f"{kind.label} ({counter[kind]})" if counter[kind] > 1 else str(kind.label)
        for kind in ItemKind
        if counter[kind]
    ]


def appointment_rows(transfer: Transfer) -> list[dict]:
    return [
        {"appointment": appointment.appointment, "choice": KEPT_WORDS[appointment.is_kept]}
        for appointment in transfer.appointments.all()
    ]


def happenings(transfer: Transfer, *, is_former: bool) -> list[Happening]:
    """Each step as a line of the file; the receiving side knows its reception."""
    url = reverse("operators:transfer_detail", args=[transfer.uuid])
    holder = transfer.contract.holder.name
    if not is_former:
        former = transfer.pathway.contract.holder.name
        return [
            Happening(at=at, title=f"Parcours reçu de {former}", url=url, badge="transfert")
            for at in (transfer.answered_at,)
            if at is not None
        ]
    steps = (
        (transfer.prepared_at, f"Transfert préparé vers {holder}", transfer.get_reason_display()),
        (transfer.consented_at, "Accord donné au transfert", transfer.get_consent_way_display()),
        (transfer.sent_at, f"Transfert envoyé à {holder}", ""),
        (transfer.answered_at, f"{holder} : {transfer.get_state_display()}", _refusal(transfer)),
        (transfer.ended_at, f"Transfert {transfer.get_state_display()}", _by(transfer)),
    )
    return [
        Happening(at=at, title=title, detail=detail, url=url, badge="transfert")
        for at, title, detail in steps
        if at is not None
    ]


def _refusal(transfer: Transfer) -> str:
    return str(RefusalReason(transfer.refusal).label) if transfer.refusal else ""


def _by(transfer: Transfer) -> str:
    return f"par {WithdrawnBy(transfer.withdrawn_by).label}" if transfer.withdrawn_by else ""
