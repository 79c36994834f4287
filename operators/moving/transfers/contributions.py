"""What transfers add to a pathway's file, to the adviser's day and to the personal space."""

from datetime import timedelta

from django.urls import reverse

from beneficiaries.rights.hooks import RELEASES
from beneficiaries.space.hooks import PAGES, PANELS, Group, OpenSpace, Page
from cep_portal.common.days import local_day
from cep_portal.common.navigation import MENU, Entry
from cep_portal.common.page_parts import PagePart
from cep_portal.common.to_do import TO_DOS, Source, Task, Tasks, first_tasks
from cep_portal.messaging.hooks import CHECKS, COMPOSERS, Check
from operators.casework.pathways.enums import PathwayState
from operators.casework.pathways.hooks import (
    PARTS,
    TIMELINE,
    Act,
    Day,
    Happening,
    OpenFile,
)
from operators.casework.pathways.models import Pathway
from operators.casework.pathways.selectors import of_adviser
from operators.menus import ADVISER, FOLLOW_UP, MANAGER
from operators.moving.transfers import notices, person_file, presenters, rules, selectors
from operators.moving.transfers.enums import TransferState
from operators.moving.transfers.models import Transfer

NEWS = timedelta(days=7)  # how long a refusal stays on the day of who prepared


def file_section(opened: OpenFile) -> dict | None:
    """« Changer d’opérateur »: what is under way, where the pathway went, or the way to prepare."""
    if not rules.can_transfer(opened.user):
        return None
    transfers = list(selectors.transfers_of_pathway(pathway=opened.pathway))
    shown = [
        transfer
        for transfer in transfers
        if transfer.state in TransferState.open or transfer.state == TransferState.RECEIVED
    ]
    is_open = opened.pathway.state == PathwayState.OPEN
    running = any(
        transfer.state in TransferState.open and not rules.is_over(transfer, now=opened.now)
        for transfer in transfers
    )
    if not shown and not is_open:
        return None
    url = reverse("operators:transfer_prepare", args=[opened.pathway.uuid])
    return {
        "rows": [_section_row(transfer, opened.pathway) for transfer in shown],
        "acts": [Act("Transférer à un autre opérateur", url)] if is_open and not running else [],
        "is_silent": not shown,
    }


def _section_row(transfer: Transfer, pathway: Pathway) -> dict:
    here = transfer.received_in_id == pathway.pk
    other = transfer.pathway.contract.holder.name if here else transfer.contract.holder.name
    return {
        "label": f"Reçu de {other}" if here else f"Vers {other}",
        "badge": presenters.badge(transfer),
        "url": reverse("operators:transfer_detail", args=[transfer.uuid]),
    }


def timeline(opened: OpenFile) -> list[Happening]:
    if not rules.can_transfer(opened.user):
        return []
    return [
        line
        for transfer in selectors.transfers_of_pathway(pathway=opened.pathway)
        for line in presenters.happenings(transfer, is_former=transfer.pathway_id == opened.pathway.pk)
    ]


def to_do(day: Day) -> Tasks:
    """What waits to be received or sent, and what was refused this week; who comes has no name yet."""
    waiting = selectors.to_do_of(adviser=day.adviser, since=day.now - NEWS)
    return first_tasks(waiting, _task, reverse("operators:transfer_list"))


def _task(transfer: Transfer) -> Task:
    notes = {
        TransferState.SENT: f"à recevoir de {transfer.pathway.contract.holder.name}",
        TransferState.CONSENTED: "accord donné : à envoyer",
        TransferState.REFUSED: "refusé : à revoir avec la personne",
    }
    verbs = {
        TransferState.SENT: "Recevoir le transfert :",
        TransferState.CONSENTED: "Envoyer le transfert de",
        TransferState.REFUSED: "Revoir le transfert de",
    }
    coming = transfer.state == TransferState.SENT
    return Task(
        verb=verbs[TransferState(transfer.state)],
        about=f"une personne, {transfer.commune.name}" if coming else transfer.pathway.beneficiary.full_name,
        url=reverse("operators:transfer_detail", args=[transfer.uuid]),
        due_on=None if transfer.state == TransferState.REFUSED else local_day(transfer.expires_at),
        note=notes[TransferState(transfer.state)],
        is_pinned=True,  # what was agreed is sent or received before it expires
    )


def space_panel(space: OpenSpace) -> dict | None:
    """« Votre accord est attendu », while a transfer waits for the person's answer."""
    rows = [one for one in space_page(space)["rows"] if one["state"] == TransferState.PREPARED]
    return {"rows": rows} if rows else None


def space_page(space: OpenSpace) -> dict:
    return {
        "rows": [
            {
                "state": transfer.state,
                "holder": transfer.contract.holder.name,
                "badge": presenters.badge(transfer),
                "prepared_at": transfer.prepared_at,
                "is_over": rules.is_over(transfer, now=space.now),
                "url": reverse("operators:own_transfer", args=[transfer.uuid]),
            }
            for transfer in selectors.transfers_of_person(beneficiary=space.beneficiary)
        ]
    }


def contribute() -> None:
    MENU.add(Entry("Transferts", "operators:transfer_list", ADVISER | MANAGER, order=58, group=FOLLOW_UP))
    RELEASES.add(person_file.withdraw_open)
    COMPOSERS.add(*notices.COMPOSERS)
    CHECKS.add(Check(notices.ABOUT, notices.still_asked))
    PARTS.add(
        PagePart("Changer d’opérateur", "operators/moving/transfers/file_section.html", file_section),
        order=80,
    )
    TIMELINE.add(timeline)
    TO_DOS.add(Source("transfers", "Transferts", ADVISER, of_adviser(to_do)), order=65)
    PANELS.add(
        PagePart("Votre accord est attendu", "operators/moving/transfers/space_panel.html", space_panel),
        order=16,
    )
    PAGES.add(
        Page(
            slug="transferts",
            title="Changer d’opérateur",
            data=space_page,
            template="operators/moving/transfers/space_page.html",
            group=Group.OTHERWISE,
        ),
        order=48,
    )
